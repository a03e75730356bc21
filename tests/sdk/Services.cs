using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodeConnections;
using Amazon.CodeDeploy;
using Amazon.CodePipeline;
using Amazon.EC2;
using Amazon.ECR;
using Amazon.ECS;
using Amazon.EventBridge;
using Amazon.IdentityManagement;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.ServiceQuotas;
using Amazon.SimpleNotificationService;
using Amazon.SimpleSystemsManagement;
using Amazon.StepFunctions;
using Deployer.Protocols;

namespace Deployer.Sdk.Tests;

/// <summary>Every service that has a client here.</summary>
internal static class Services
{
    internal static readonly ServiceModel[] All =
    [
        AutoScalingModel.Service,
        CloudFormationModel.Service,
        CloudWatchModel.Service,
        CloudWatchLogsModel.Service,
        CodeBuildModel.Service,
        CodeConnectionsModel.Service,
        CodeDeployModel.Service,
        CodePipelineModel.Service,
        EC2Model.Service,
        ECRModel.Service,
        ECSModel.Service,
        EventBridgeModel.Service,
        IdentityManagementServiceModel.Service,
        LambdaModel.Service,
        ResourceGroupsTaggingAPIModel.Service,
        ServiceQuotasModel.Service,
        SimpleNotificationServiceModel.Service,
        SimpleSystemsManagementModel.Service,
        StepFunctionsModel.Service,
    ];

    /// <summary>Those whose official package is served: only their wire is described here.</summary>
    internal static readonly ServiceModel[] Described = [EC2Model.Service, SimpleSystemsManagementModel.Service];

    /// <summary>Every operation, by service and name, as a theory's data.</summary>
    internal static TheoryData<string, string> Operations()
    {
        var data = new TheoryData<string, string>();
        foreach (var service in All)
        {
            foreach (var operation in service.Operations)
            {
                data.Add(service.Name, operation.Name);
            }
        }

        return data;
    }

    internal static ServiceModel Named(string name) => All.Single(service => service.Name == name);
}
