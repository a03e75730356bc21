using Amazon.AutoScaling.Model;
using Amazon.CloudFormation.Model;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs.Model;
using Amazon.CodeBuild.Model;
using Amazon.CodeConnections.Model;
using Amazon.CodeDeploy.Model;
using Amazon.CodePipeline.Model;
using Amazon.DynamoDBv2.Model;
using Amazon.EC2.Model;
using Amazon.ECS.Model;
using Amazon.EventBridge.Model;
using Amazon.IdentityManagement.Model;
using Amazon.Lambda.Model;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Amazon.Runtime;
using Amazon.S3.Model;
using Amazon.SecurityToken.Model;
using Amazon.ServiceQuotas.Model;
using Amazon.SimpleNotificationService.Model;
using Amazon.SimpleSystemsManagement.Model;
using Amazon.StepFunctions.Model;

namespace Deployer.Functions.Errors;

/// <summary>
/// Which request an exception of the AWS SDK came from: the SDK's exceptions name neither the operation nor the resource.
/// </summary>
public static class AwsRequests
{
    private const string Key = "deployer.request";
    private const string Suffix = "Request";

    /// <summary>Has a client note in its exceptions which request failed.</summary>
    /// <remarks>https://docs.aws.amazon.com/sdkfornet/v4/apidocs/items/Runtime/EServiceClientExceptionEvent.html</remarks>
    public static T NoteRequests<T>(this T client)
        where T : AmazonServiceClient
    {
        client.ExceptionEvent += Note;
        return client;
    }

    /// <summary>
    /// The request, such as <c>CloudFormation CreateChangeSet of inventory-dev</c>; <see langword="null"/> when none was noted.
    /// </summary>
    public static string? Describe(Exception exception) => exception.Data[Key] as string;

    /// <summary>Names a request: service, operation, and what it is about. Names and ids only, never values.</summary>
    public static string Describe(AmazonWebServiceRequest request)
    {
        var type = request.GetType();
        var service = type.Namespace?.Split('.') is [_, var name, ..] ? name : "AWS";
        var operation = type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length] : type.Name;
        return Resource(request) is { Length: > 0 } resource ? $"{service} {operation} of {resource}" : $"{service} {operation}";
    }

    private static void Note(object sender, ExceptionEventArgs happened)
    {
        if (happened is WebServiceExceptionEventArgs { Request: { } request, Exception: { } exception })
        {
            exception.Data[Key] = Describe(request);
        }
    }

    private static string? Resource(AmazonWebServiceRequest request) =>
        request switch
        {
            AssumeRoleRequest { RoleArn: var role } => role,
            BatchGetBuildsRequest { Ids: var ids } => List(ids),
            BatchGetDeploymentsRequest { DeploymentIds: var deployments } => List(deployments),
            BatchGetDeploymentTargetsRequest { DeploymentId: var deployment } => deployment,
            ContinueUpdateRollbackRequest { StackName: var stack } => stack,
            CreateChangeSetRequest { StackName: var stack } => stack,
            DeleteChangeSetRequest { ChangeSetName: var set } => set,
            DeleteItemRequest { TableName: var table } => table,
            DeleteParametersRequest { Names: var names } => List(names),
            DeleteStackRequest { StackName: var stack } => stack,
            DescribeAlarmsRequest { AlarmNames: var alarms } => List(alarms),
            DescribeAutoScalingGroupsRequest { AutoScalingGroupNames: var groups } => List(groups),
            DescribeChangeSetRequest { ChangeSetName: var set } => set,
            DescribeEventBusRequest { Name: var bus } => bus,
            Amazon.CloudFormation.Model.DescribeEventsRequest { StackName: var stack } => stack,
            DescribeExecutionRequest { ExecutionArn: var execution } => execution,
            Amazon.ECR.Model.DescribeImagesRequest { RepositoryName: var repository } => repository,
            DescribeRuleRequest { Name: var rule } => rule,
            DescribeServicesRequest { Services: var services, Cluster: var cluster } => In(List(services), cluster),
            DescribeStackDriftDetectionStatusRequest { StackDriftDetectionId: var detection } => detection,
            DescribeStackEventsRequest { StackName: var stack } => stack,
            DescribeStackResourceDriftsRequest { StackName: var stack } => stack,
            DescribeStacksRequest { StackName: var stack } => stack,
            DescribeTaskDefinitionRequest { TaskDefinition: var definition } => definition,
            DescribeTasksRequest { Tasks: var tasks, Cluster: var cluster } => In(List(tasks), cluster),
            DescribeVpcEndpointsRequest { VpcEndpointIds: var endpoints } => List(endpoints),
            DetectStackDriftRequest { StackName: var stack } => stack,
            ExecuteChangeSetRequest { ChangeSetName: var set } => set,
            FilterLogEventsRequest { LogGroupName: var log } => log,
            GetAliasRequest { FunctionName: var function, Name: var alias } => $"{function}:{alias}",
            GetConnectionRequest { ConnectionArn: var connection } => connection,
            GetAWSDefaultServiceQuotaRequest { ServiceCode: var service, QuotaCode: var quota } => $"{service} {quota}",
            GetDeploymentGroupRequest { DeploymentGroupName: var group } => group,
            GetDeploymentRequest { DeploymentId: var deployment } => deployment,
            GetFunctionConcurrencyRequest { FunctionName: var function } => function,
            GetFunctionConfigurationRequest { FunctionName: var function } => function,
            GetItemRequest { TableName: var table } => table,
            GetLogEventsRequest { LogGroupName: var log, LogStreamName: var stream } => $"{log}/{stream}",
            GetObjectMetadataRequest { BucketName: var bucket, Key: var key } => $"s3://{bucket}/{key}",
            GetObjectRequest { BucketName: var bucket, Key: var key } => $"s3://{bucket}/{key}",
            GetParametersRequest { Names: var names } => List(names),
            GetResourcesRequest { ResourceARNList: var resources } => List(resources),
            GetServiceQuotaRequest { ServiceCode: var service, QuotaCode: var quota } => $"{service} {quota}",
            GetTemplateRequest { StackName: var stack } => stack,
            GetTemplateSummaryRequest { StackName: var stack, TemplateURL: var url } => stack ?? url,
            ListActionExecutionsRequest { PipelineName: var pipeline } => pipeline,
            ListAliasesRequest { FunctionName: var function } => function,
            ListAttachedRolePoliciesRequest { RoleName: var role } => role,
            ListBuildsForProjectRequest { ProjectName: var project } => project,
            ListChangeSetsRequest { StackName: var stack } => stack,
            ListDeploymentGroupsRequest { ApplicationName: var application } => application,
            ListDeploymentsRequest { DeploymentGroupName: var group } => group,
            ListDeploymentTargetsRequest { DeploymentId: var deployment } => deployment,
            ListExecutionsRequest { StateMachineArn: var machine } => machine,
            Amazon.CloudFormation.Model.ListImportsRequest { ExportName: var export } => export,
            ListObjectsV2Request { BucketName: var bucket, Prefix: var prefix } => $"s3://{bucket}/{prefix}",
            ListStackResourcesRequest { StackName: var stack } => stack,
            ListTargetsByRuleRequest { Rule: var rule } => rule,
            ListTasksRequest { ServiceName: var service, Cluster: var cluster } => In(service, cluster),
            PublishRequest { TopicArn: var topic } => topic,
            PublishVersionRequest { FunctionName: var function } => function,
            PutItemRequest { TableName: var table } => table,
            PutJobFailureResultRequest { JobId: var job } => job,
            PutJobSuccessResultRequest { JobId: var job } => job,
            PutObjectRequest { BucketName: var bucket, Key: var key } => $"s3://{bucket}/{key}",
            PutParameterRequest { Name: var name } => name,
            QueryRequest { TableName: var table } => table,
            RedriveExecutionRequest { ExecutionArn: var execution } => execution,
            RegisterTaskDefinitionRequest { Family: var family } => family,
            RollbackStackRequest { StackName: var stack } => stack,
            ScanRequest { TableName: var table } => table,
            SimulatePrincipalPolicyRequest { PolicySourceArn: var principal } => principal,
            StartBuildRequest { ProjectName: var project } => project,
            StartExecutionRequest { StateMachineArn: var machine, Name: var name } => $"{machine} ({name})",
            UpdateAliasRequest { FunctionName: var function, Name: var alias } => $"{function}:{alias}",
            UpdateAutoScalingGroupRequest { AutoScalingGroupName: var group } => group,
            UpdateFunctionConfigurationRequest { FunctionName: var function } => function,
            UpdateServiceRequest { Service: var service, Cluster: var cluster } => In(service, cluster),
            _ => null,
        };

    private static string? In(string? named, string? cluster) => cluster is null ? named : $"{named} in {cluster}";

    private static string? List(List<string>? names) => names is null ? null : CauseText.List(names, most: 5, separator: ", ");
}
