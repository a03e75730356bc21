using Amazon.CodeConnections;
using Amazon.CodeConnections.Model;
using Deployer.Rehearsal.CodeConnections;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.CodeConnections;

public sealed class CodeConnectionsServiceTests : IAsyncDisposable
{
    private const string Arn = $"arn:aws:codeconnections:us-east-1:{TestAws.Tools}:connection/3f2504e0";

    private TestAws _aws = null!;
    private HostConnections _connections = null!;

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Theory]
    [InlineData(true, "AVAILABLE")]
    [InlineData(false, "PENDING")]
    public async Task A_connection_is_pending_until_somebody_completes_it(bool isAvailable, string status)
    {
        using var client = await Start(TestAws.Tools);
        await _aws.World.Do(() => _connections.Put(new HostConnection(Arn, "acme", "GitHub", isAvailable)));

        var found = (await client.GetConnectionAsync(Request())).Connection;

        (found.ConnectionArn, found.ConnectionName, found.ConnectionStatus.Value, found.ProviderType.Value, found.OwnerAccountId).ShouldBe(
            (Arn, "acme", status, "GitHub", TestAws.Tools)
        );
    }

    [Fact]
    public async Task A_connection_that_is_deleted_or_of_another_account_is_not_found()
    {
        using var client = await Start(TestAws.Tools);
        var other = Arn.Replace(TestAws.Tools, TestAws.Prod, StringComparison.Ordinal);
        await _aws.World.Do(() => _connections.Put(new HostConnection(Arn, "acme", "GitHub", IsAvailable: true)));

        await _aws.World.Do(() => _connections.Delete(Arn));

        var gone = await Should.ThrowAsync<ResourceNotFoundException>(client.GetConnectionAsync(Request()));
        gone.Message.ShouldBe($"Connection {Arn} not found");
        await _aws.World.Do(() => _connections.Put(new HostConnection(other, "acme", "GitHub", IsAvailable: true)));
        await Should.ThrowAsync<AmazonCodeConnectionsException>(
            client.GetConnectionAsync(new GetConnectionRequest { ConnectionArn = other })
        );
    }

    private static GetConnectionRequest Request() => new() { ConnectionArn = Arn };

    private async Task<AmazonCodeConnectionsClient> Start(string account)
    {
        _aws = await TestAws.Start(world => new CodeConnectionsService(_connections = new HostConnections(world)));
        return new AmazonCodeConnectionsClient(TestAws.Root(account), _aws.Configure(new AmazonCodeConnectionsConfig()));
    }
}
