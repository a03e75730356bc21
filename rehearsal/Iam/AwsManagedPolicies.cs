namespace Deployer.Rehearsal.Iam;

/// <summary>
/// The policies that AWS keeps for every account and that deployments attach, as far as they are known here.
/// See https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html.
/// </summary>
internal static class AwsManagedPolicies
{
    public const string Prefix = "arn:aws:iam::aws:policy/";

    private static readonly Dictionary<string, string> Documents = new(StringComparer.Ordinal)
    {
        ["AdministratorAccess"] = Allow("\"*\""),
        ["service-role/AWSLambdaBasicExecutionRole"] = Allow("\"logs:CreateLogGroup\",\"logs:CreateLogStream\",\"logs:PutLogEvents\""),
        ["service-role/AWSLambdaVPCAccessExecutionRole"] = Allow(
            """
            "logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents","ec2:CreateNetworkInterface","ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets","ec2:DeleteNetworkInterface","ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"
            """
        ),
        ["AWSXRayDaemonWriteAccess"] = Allow(
            """
            "xray:PutTraceSegments","xray:PutTelemetryRecords","xray:GetSamplingRules","xray:GetSamplingTargets",
            "xray:GetSamplingStatisticSummaries"
            """
        ),
    };

    /// <summary>The document of a policy, by its ARN; null for one that is not known here.</summary>
    public static string? Find(string arn) =>
        arn.StartsWith(Prefix, StringComparison.Ordinal) ? Documents.GetValueOrDefault(arn[Prefix.Length..]) : null;

    private static string Allow(string actions) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[{{actions}}],"Resource":"*"}]}""";
}
