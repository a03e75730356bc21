namespace Deployer.Rehearsal.ServiceQuotas;

/// <summary>A quota that the rehearsal knows. None is enforced: what is simulated finds room.</summary>
/// <param name="Service">The service's code.</param>
/// <param name="ServiceName">The service's name.</param>
/// <param name="Code">The quota's code.</param>
/// <param name="Name">The quota's name.</param>
/// <param name="Default">The default of AWS, which is low: an account in use has been given more.</param>
/// <param name="Applied">What every simulated account has been given; <see langword="null"/> where it has the default.</param>
internal sealed record KnownQuota(string Service, string ServiceName, string Code, string Name, double Default, double? Applied)
{
    /// <summary>
    /// https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html and
    /// https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html.
    /// </summary>
    public static readonly IReadOnlyList<KnownQuota> All =
    [
        new("codebuild", "AWS CodeBuild", "L-9D07B6EF", "Concurrently running builds for Linux/Small environment", 1, null),
        new(
            "ec2",
            "Amazon Elastic Compute Cloud (Amazon EC2)",
            "L-1216C47A",
            "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
            5,
            256
        ),
    ];
}
