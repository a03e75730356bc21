using Amazon.CodeConnections;
using Amazon.CodeConnections.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CodeConnections;

/// <summary>The CodeConnections API: what a connection is and whether it works.</summary>
public sealed class CodeConnectionsService : ModelService
{
    private readonly HostConnections _connections;

    /// <summary>A service of this world.</summary>
    public CodeConnectionsService(HostConnections connections)
        : base(CodeConnectionsModel.Service)
    {
        _connections = connections;
        On<GetConnectionRequest, GetConnectionResponse>("GetConnection", GetConnection, (_, request) => [request.ConnectionArn]);
    }

    private GetConnectionResponse GetConnection(Call call, GetConnectionRequest request)
    {
        var connection =
            _connections.Find(request.ConnectionArn) is { } found && Api.ArnAccount(found.Arn) == call.Account
                ? found
                : throw new ResourceNotFoundException($"Connection {request.ConnectionArn} not found");
        return new GetConnectionResponse
        {
            Connection = new Amazon.CodeConnections.Model.Connection
            {
                ConnectionArn = connection.Arn,
                ConnectionName = connection.Name,
                ConnectionStatus = connection.IsAvailable ? ConnectionStatus.AVAILABLE : ConnectionStatus.PENDING,
                OwnerAccountId = Api.ArnAccount(connection.Arn),
                ProviderType = connection.Provider,
            },
        };
    }
}
