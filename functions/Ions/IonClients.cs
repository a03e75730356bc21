using Amazon.AutoScaling;
using Amazon.CodeDeploy;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ions;

/// <summary>Services of a target's account that ions alone ask.</summary>
public static class IonClients
{
    extension(TargetAccount account)
    {
        /// <summary>Executions of <c>datomic-GROUP</c>.</summary>
        public IAmazonStepFunctions StepFunctions =>
            account.Client<IAmazonStepFunctions>(connection =>
                connection.Open(
                    (credentials, config) => new AmazonStepFunctionsClient(credentials, config),
                    new AmazonStepFunctionsConfig()
                )
            );

        /// <summary>Deployments of ion code.</summary>
        public IAmazonCodeDeploy CodeDeploy =>
            account.Client<IAmazonCodeDeploy>(connection =>
                connection.Open((credentials, config) => new AmazonCodeDeployClient(credentials, config), new AmazonCodeDeployConfig())
            );

        /// <summary>The instances of a compute group.</summary>
        public IAmazonAutoScaling AutoScaling =>
            account.Client<IAmazonAutoScaling>(connection =>
                connection.Open((credentials, config) => new AmazonAutoScalingClient(credentials, config), new AmazonAutoScalingConfig())
            );
    }
}
