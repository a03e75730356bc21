using System.Net.Http.Headers;
using System.Text;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Wire;

public sealed class GatewayTests
{
    [Fact]
    public async Task The_access_key_names_the_principal_and_the_scope_the_service()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        await world.Do(() =>
        {
            world.Api.Register(new Echo());
            world.Api.Authenticator = new Sessions(world);
        });
        using var client = new HttpClient(new InMemoryTransport(new Gateway(world)));

        (await Send(client, "111111111111", "echo")).Body.ShouldBe("arn:aws:iam::111111111111:root eu-west-1 POST /a%20b?x=1 hello");

        var session = await world.Do(() =>
            new Sessions(world).Issue(Principal.AssumedRole("222222222222", "writer", "s1"), TimeSpan.FromHours(1))
        );
        (await Send(client, session.AccessKeyId, "echo", session.SessionToken)).Body.ShouldStartWith(
            "arn:aws:sts::222222222222:assumed-role/writer/s1"
        );
        (await Send(client, session.AccessKeyId, "echo", "another token")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_service_that_is_not_simulated_answers_an_unknown_operation_that_names_it()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        using var client = new HttpClient(new InMemoryTransport(new Gateway(world)));

        var answer = await Send(client, "111111111111", "glacier");

        answer.Status.ShouldBe(404);
        answer.Body.ShouldContain("glacier");
    }

    /// <summary>AWS has them: that the rehearsal has not is no word of AWS.</summary>
    [Theory]
    [InlineData("iam", "Action=CreateRole&Version=2010-05-08", null, "InvalidAction", "iam: CreateRole")]
    [InlineData("sts", "Action=GetSessionToken&Version=2011-06-15", null, "InvalidAction", "sts: GetSessionToken")]
    [InlineData("ec2", "Action=RunInstances&Version=2016-11-15", null, "InvalidAction", "ec2: RunInstances")]
    [InlineData("codepipeline", "{}", "CodePipeline_20150709.ListWebhooks", "UnknownOperationException", "codepipeline: ListWebhooks")]
    [InlineData("dynamodb", "{}", "DynamoDB_20120810.ListBackups", "UnknownOperationException", "ListBackups")]
    [InlineData("lambda", "", null, "UnknownOperationException", "lambda: POST /")]
    public async Task An_operation_that_is_not_simulated_is_refused_by_the_rehearsal(
        string service,
        string body,
        string? target,
        string code,
        string operation
    )
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        await using var services = await world.Do(() => SimulatedServices.Start(world));
        using var client = new HttpClient(new InMemoryTransport(new Gateway(world)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/");
        request.Content = new StringContent(
            body,
            Encoding.UTF8,
            target is null && body.Length > 0 ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.1"
        );
        if (target is not null)
        {
            request.Headers.Add("X-Amz-Target", target);
        }

        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=111111111111/20400101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=00"
        );

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
        text.ShouldContain("The rehearsal does not simulate");
        text.ShouldContain(operation);
        (text + answer.Headers).ShouldContain(code);
    }

    /// <summary>The client's time-out, or a connection that is lost.</summary>
    [Fact]
    public async Task A_request_that_is_not_answered_any_more_loses_its_connection_on_a_socket_as_in_memory()
    {
        await using var server = await WireServer.Start(new Abandoning());
        using var client = new HttpClient();
        using var inMemory = new HttpClient(new InMemoryTransport(new Abandoning()));

        await Should.ThrowAsync<HttpRequestException>(() => client.PostAsync(server.Address, content: null));
        await Should.ThrowAsync<HttpRequestException>(() => inMemory.PostAsync(server.Address, content: null));
    }

    private sealed class Abandoning : IWireEndpoint
    {
        public Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default) =>
            throw new RequestAbandonedException();
    }

    [Fact]
    public async Task A_socket_carries_the_same_as_memory()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        await world.Do(() =>
        {
            world.Api.Register(new Echo());
            world.Api.Authenticator = new Sessions(world);
        });
        await using var server = await WireServer.Start(new Gateway(world));
        using var client = new HttpClient();

        server.Address.IsLoopback.ShouldBeTrue();
        (await Send(client, "111111111111", "echo", address: server.Address)).Body.ShouldBe(
            "arn:aws:iam::111111111111:root eu-west-1 POST /a%20b?x=1 hello"
        );
    }

    [Fact]
    public async Task An_answer_has_the_time_of_the_simulated_clock()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        await world.Do(() => world.Api.Register(new Echo()));
        await using var server = await WireServer.Start(new Gateway(world));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=111111111111/20400101/us-east-1/echo/aws4_request, SignedHeaders=host, Signature=00"
        );

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.Headers.Date.ShouldBe(Epoch.Start);
    }

    [Fact]
    public async Task An_ended_session_is_refused()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        world.OnDue("wake", _ => { });
        await world.Do(() =>
        {
            world.Api.Register(new Echo());
            world.Api.Authenticator = new Sessions(world);
        });
        var session = await world.Do(() =>
        {
            world.Schedule(TimeSpan.FromHours(1), "wake", "");
            return new Sessions(world).Issue(Principal.AssumedRole("222222222222", "writer", "s1"), TimeSpan.FromHours(1));
        });
        await world.RunUntil(() => world.Now == Epoch.Start.AddHours(1));
        using var client = new HttpClient(new InMemoryTransport(new Gateway(world)));

        (await Send(client, session.AccessKeyId, "echo", session.SessionToken)).Body.ShouldContain("ExpiredToken");
    }

    private static async Task<(int Status, string Body)> Send(
        HttpClient client,
        string accessKey,
        string service,
        string? token = null,
        Uri? address = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address ?? new Uri("http://aws.test"), "/a%20b?x=1"))
        {
            Content = new StringContent("hello"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256",
            $"Credential={accessKey}/20400101/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=00"
        );
        if (token is not null)
        {
            request.Headers.Add("X-Amz-Security-Token", token);
        }

        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class Echo : IWireService
    {
        public string SigningName => "echo";

        public WireResponse Handle(Call call, WireRequest request) =>
            new(
                200,
                new Dictionary<string, string> { ["Content-Type"] = "text/plain" },
                Encoding.UTF8.GetBytes(
                    $"{call.Principal.Arn} {call.Region} {request.Method} {request.Path}?{request.Query} "
                        + $"{Encoding.UTF8.GetString(request.Body.Span)}"
                )
            );
    }
}
