using Amazon.EC2;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Endpoints;

/// <summary>Services of a target's account that endpoints alone ask.</summary>
public static class EndpointClients
{
    extension(TargetAccount account)
    {
        /// <summary>Interface endpoints.</summary>
        public IAmazonEC2 Ec2 =>
            account.Client<IAmazonEC2>(connection =>
                connection.Open((credentials, config) => new AmazonEC2Client(credentials, config), new AmazonEC2Config())
            );
    }
}
