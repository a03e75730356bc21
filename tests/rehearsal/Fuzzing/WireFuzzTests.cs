using System.Text;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Deployer.Tests.Fuzzing;

namespace Deployer.Rehearsal.Tests.Fuzzing;

/// <summary>Whatever a client sends, the simulated AWS answers: the error is the client's, and the world goes on.</summary>
public sealed class WireFuzzTests
{
    private static readonly string[] Headers =
    [
        "Authorization",
        "Content-Type",
        "X-Amz-Target",
        "X-Amz-Security-Token",
        "x-amz-content-sha256",
        "x-amz-decoded-content-length",
        "x-amz-copy-source",
        "If-None-Match",
        "Range",
        "Content-Length",
    ];
    private static readonly string[] Tokens =
    [
        "%",
        "%zz",
        "&",
        "=",
        "+",
        "/",
        "//",
        "..",
        "?",
        "[",
        "]",
        "{",
        "}",
        "\"",
        ":",
        ",",
        "null",
        "true",
        "-1",
        "1e400",
        "99999999999999999999",
        "member.1",
        ".",
        "\\ud800",
        "\0",
        "\uFEFF",
        "<",
        ">",
        "arn:aws:",
        "*",
        "${",
        "Action=",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Broken_requests_are_refused(string service)
    {
        await using var rehearsal = await AwsRehearsal.Open(
            new RehearsalOptions(),
            (_, gateway) =>
                Task.FromResult<ILambdaHost>(
                    new InProcessHost(
                        (_, _, _, _, _, _) => throw new InvalidOperationException("a function is invoked by a broken request"),
                        gateway
                    )
                )
        );
        var requests = await RecordedRequests.Record(service, rehearsal.Gateway);
        requests.ShouldNotBeEmpty();

        await Fuzz.ForEachSeed(async mutator =>
        {
            var request = Break(mutator.Pick(requests), mutator);
            var answer = await rehearsal.Gateway.Answer(request);
            // S3 names what is not simulated with 501; anything else from 500 on would be the server's own fault.
            (answer.Status is >= 200 and < 500 or 501).ShouldBeTrue(
                $"{request.Method} {request.Path}?{request.Query} {string.Join(", ", request.Headers)}\n"
                    + $"{Encoding.UTF8.GetString(request.Body.Span)}\nanswers {Encoding.UTF8.GetString(answer.Body.Span)}"
            );
        });

        // Requests that made sense after all have begun something, and it ends too.
        await rehearsal.Pass(TimeSpan.FromDays(1));
    }

    /// <summary>Each value of each request in turn has every other type, or is missing.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_value_of_a_wrong_type_and_a_missing_one_are_the_clients_error(string service)
    {
        await using var rehearsal = await AwsRehearsal.Open(
            new RehearsalOptions(),
            (_, gateway) =>
                Task.FromResult<ILambdaHost>(
                    new InProcessHost((_, _, _, _, _, _) => throw new InvalidOperationException("a function is invoked"), gateway)
                )
        );
        var failed = new List<string>();
        foreach (var request in await RecordedRequests.Record(service, rehearsal.Gateway))
        {
            foreach (var body in WrongBodies.Of(request))
            {
                var answer = await rehearsal.Gateway.Answer(request with { Body = Encoding.UTF8.GetBytes(body) });
                if (answer.Status is not (>= 200 and < 500 or 501))
                {
                    failed.Add($"{request.Header("X-Amz-Target")} {body}: {Encoding.UTF8.GetString(answer.Body.Span)}");
                }
            }
        }

        failed.ShouldBeEmpty();
    }

    public static TheoryData<string> Services => [.. RecordedRequests.Services];

    private static WireRequest Break(WireRequest request, Mutator mutator)
    {
        var broken = request;
        for (var more = true; more; more = mutator.Pick([true, false, false]))
        {
            broken = mutator.Pick([0, 1, 2, 3, 3, 3, 3, 4]) switch
            {
                0 => broken with { Path = "/" + Carried(mutator.Text(broken.Path[1..], Tokens).Replace('?', '/')) },
                1 => broken with { Query = Carried(mutator.Text(broken.Query, Tokens)) },
                2 => WithHeader(broken, mutator.Pick(Headers), mutator),
                3 => broken with { Body = Encoding.UTF8.GetBytes(mutator.Text(Encoding.UTF8.GetString(broken.Body.Span), Tokens)) },
                _ => broken with { Body = mutator.Bytes(broken.Body.ToArray()) },
            };
        }

        return broken;
    }

    /// <summary>What HTTP lets through in a line: visible ASCII.</summary>
    private static string Carried(string text) =>
        string.Concat(
            text.Select(character => character is >= ' ' and <= '~' ? character.ToString() : Uri.HexEscape((char)(character & 0xff)))
        );

    private static WireRequest WithHeader(WireRequest request, string name, Mutator mutator)
    {
        var headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase);
        headers[name] = Carried(mutator.Text(headers.GetValueOrDefault(name, "x"), Tokens));
        return request with { Headers = headers };
    }
}
