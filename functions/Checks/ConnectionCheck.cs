using Amazon.CodeConnections;
using Amazon.CodeConnections.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>The connection by which a build clones the service's repository.</summary>
public sealed class ConnectionCheck(Settings settings, AwsConnection connection) : ICheck
{
    private const int RegionOfArn = 3;

    /// <inheritdoc/>
    public string Name => "connection";

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        if (run.Source.Spec.Repository is not { } repository)
        {
            return
            [
                CheckResult.Notice(Name, "the service names no repository: a build gets its folder as a zip, and no push is reproducible"),
            ];
        }

        return repository.Connection is { } arn
            ? [await CheckConnection(arn)]
            : [CheckResult.Ok(Name, $"{repository.Url} is cloned without a connection")];
    }

    private async Task<CheckResult> CheckConnection(string arn)
    {
        using var connections = connection.OpenCodeConnections(arn.Split(':')[RegionOfArn]);
        try
        {
            var found = (await connections.GetConnectionAsync(new GetConnectionRequest { ConnectionArn = arn })).Connection;
            return found.ConnectionStatus == ConnectionStatus.AVAILABLE
                ? CheckResult.Ok(Name, $"the connection {found.ConnectionName} is {found.ConnectionStatus}")
                : CheckResult.Problem(
                    Name,
                    $"the connection {found.ConnectionName} is {found.ConnectionStatus}: {arn}",
                    "complete it in the console: Developer Tools, Settings, Connections, 'Update pending connection'"
                );
        }
        catch (ResourceNotFoundException)
        {
            return CheckResult.Problem(
                Name,
                $"there is no connection {arn}",
                "correct the connection of deployer.yaml's repository, and the deployer's parameter Connections"
            );
        }
        catch (AmazonCodeConnectionsException exception) when (exception.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            return CheckResult.Problem(
                Name,
                $"the deployer may not use the connection {arn}",
                $"name it: deployer bootstrap tools --stage {settings.Stage} --parameter Connections={arn}, "
                    + "with the others if there are any"
            );
        }
    }
}
