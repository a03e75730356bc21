using Amazon.ECR;
using Amazon.ECS;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Services;

/// <summary>Services of a target's account that ECS services and transactors ask.</summary>
public static class EcsClients
{
    extension(TargetAccount account)
    {
        /// <summary>Services whose tasks are replaced.</summary>
        public IAmazonECS Ecs =>
            account.Client<IAmazonECS>(connection =>
                connection.Open((credentials, config) => new AmazonECSClient(credentials, config), new AmazonECSConfig())
            );

        /// <summary>Images of services.</summary>
        public IAmazonECR Ecr =>
            account.Client<IAmazonECR>(connection =>
                connection.Open((credentials, config) => new AmazonECRClient(credentials, config), new AmazonECRConfig())
            );
    }
}
