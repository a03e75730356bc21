namespace Deployer.Protocols;

/// <summary>The wire protocols of the services that the deployer talks to (https://smithy.io/2.0/aws/protocols/index.html).</summary>
internal enum ProtocolKind
{
    /// <summary>awsJson1_0: one path, the operation in <c>X-Amz-Target</c>, content type <c>application/x-amz-json-1.0</c>.</summary>
    AwsJson10,

    /// <summary>awsJson1_1: as 1.0, content type <c>application/x-amz-json-1.1</c>.</summary>
    AwsJson11,

    /// <summary>awsQuery: a form with <c>Action</c> and <c>Version</c>, answered in XML.</summary>
    AwsQuery,

    /// <summary>ec2Query: awsQuery's older cousin with flattened lists and an answer without a result element.</summary>
    Ec2Query,

    /// <summary>restJson1: method and path name the operation, JSON in the body.</summary>
    RestJson,
}
