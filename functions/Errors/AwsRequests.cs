using Amazon.AutoScaling.Model;
using Amazon.CloudFormation.Model;
using Amazon.CloudWatchLogs.Model;
using Amazon.CodeBuild.Model;
using Amazon.CodeDeploy.Model;
using Amazon.CodePipeline.Model;
using Amazon.DynamoDBv2.Model;
using Amazon.EC2.Model;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.S3.Model;
using Amazon.SecurityToken.Model;
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
            ContinueUpdateRollbackRequest { StackName: var stack } => stack,
            CreateChangeSetRequest { StackName: var stack } => stack,
            DeleteChangeSetRequest { ChangeSetName: var set } => set,
            DeleteItemRequest { TableName: var table } => table,
            DeleteParametersRequest { Names: var names } => List(names),
            DeleteStackRequest { StackName: var stack } => stack,
            DescribeAutoScalingGroupsRequest { AutoScalingGroupNames: var groups } => List(groups),
            DescribeChangeSetRequest { ChangeSetName: var set } => set,
            Amazon.CloudFormation.Model.DescribeEventsRequest { StackName: var stack } => stack,
            DescribeExecutionRequest { ExecutionArn: var execution } => execution,
            DescribeStackEventsRequest { StackName: var stack } => stack,
            DescribeStacksRequest { StackName: var stack } => stack,
            DescribeVpcEndpointsRequest { VpcEndpointIds: var endpoints } => List(endpoints),
            ExecuteChangeSetRequest { ChangeSetName: var set } => set,
            FilterLogEventsRequest { LogGroupName: var log } => log,
            GetDeploymentGroupRequest { DeploymentGroupName: var group } => group,
            GetDeploymentRequest { DeploymentId: var deployment } => deployment,
            GetFunctionConcurrencyRequest { FunctionName: var function } => function,
            GetFunctionConfigurationRequest { FunctionName: var function } => function,
            GetItemRequest { TableName: var table } => table,
            GetObjectMetadataRequest { BucketName: var bucket, Key: var key } => $"s3://{bucket}/{key}",
            GetObjectRequest { BucketName: var bucket, Key: var key } => $"s3://{bucket}/{key}",
            GetParametersRequest { Names: var names } => List(names),
            GetTemplateRequest { StackName: var stack } => stack,
            GetTemplateSummaryRequest { StackName: var stack, TemplateURL: var url } => stack ?? url,
            ListBuildsForProjectRequest { ProjectName: var project } => project,
            ListDeploymentsRequest { DeploymentGroupName: var group } => group,
            ListDeploymentTargetsRequest { DeploymentId: var deployment } => deployment,
            ListExecutionsRequest { StateMachineArn: var machine } => machine,
            Amazon.CloudFormation.Model.ListImportsRequest { ExportName: var export } => export,
            ListObjectsV2Request { BucketName: var bucket, Prefix: var prefix } => $"s3://{bucket}/{prefix}",
            ListStackResourcesRequest { StackName: var stack } => stack,
            PutItemRequest { TableName: var table } => table,
            PutJobFailureResultRequest { JobId: var job } => job,
            PutJobSuccessResultRequest { JobId: var job } => job,
            PutObjectRequest { BucketName: var bucket, Key: var key } => $"s3://{bucket}/{key}",
            PutParameterRequest { Name: var name } => name,
            QueryRequest { TableName: var table } => table,
            RedriveExecutionRequest { ExecutionArn: var execution } => execution,
            RollbackStackRequest { StackName: var stack } => stack,
            StartBuildRequest { ProjectName: var project } => project,
            StartExecutionRequest { StateMachineArn: var machine, Name: var name } => $"{machine} ({name})",
            UpdateAutoScalingGroupRequest { AutoScalingGroupName: var group } => group,
            UpdateFunctionConfigurationRequest { FunctionName: var function } => function,
            _ => null,
        };

    private static string? List(List<string>? names) => names is null ? null : CauseText.List(names, most: 5);
}
