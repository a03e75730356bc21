using Amazon.CloudFormation;
using Amazon.CodeConnections;
using Amazon.EventBridge;
using Amazon.IdentityManagement;
using Amazon.Lambda;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Checks;

/// <summary>Clients that only checks need, each opened where it is used.</summary>
internal static class OwnClients
{
    extension(AwsConnection connection)
    {
        /// <summary>Stacks.</summary>
        public IAmazonCloudFormation OpenCloudFormation() =>
            connection.Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig());

        /// <summary>Connections to git hosts.</summary>
        /// <param name="region">The region of the connection.</param>
        public IAmazonCodeConnections OpenCodeConnections(string region) =>
            connection.Open(
                (credentials, config) => new AmazonCodeConnectionsClient(credentials, config),
                new AmazonCodeConnectionsConfig(),
                region
            );

        /// <summary>Buses, rules and events.</summary>
        /// <param name="region">Another region than the connection's own.</param>
        public IAmazonEventBridge OpenEventBridge(string? region = null) =>
            connection.Open(
                (credentials, config) => new AmazonEventBridgeClient(credentials, config),
                new AmazonEventBridgeConfig(),
                region
            );

        /// <summary>Roles and what they may do.</summary>
        public IAmazonIdentityManagementService OpenIam() =>
            connection.Open(
                (credentials, config) => new AmazonIdentityManagementServiceClient(credentials, config),
                new AmazonIdentityManagementServiceConfig()
            );

        /// <summary>Limits of functions.</summary>
        public IAmazonLambda OpenLambda() =>
            connection.Open((credentials, config) => new AmazonLambdaClient(credentials, config), new AmazonLambdaConfig());
    }

    /// <summary>The way into the target's account.</summary>
    public static AwsConnection Connection(this TargetAccount account) =>
        account.Connection ?? throw new InvalidOperationException("the account was opened without a connection");
}
