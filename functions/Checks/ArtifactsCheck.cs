using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>
/// Reads an object of the deployer's bucket from the target's account, as CloudFormation reads a template that is too large for a request:
/// across accounts the bucket's policy has to allow it, too, which IAM's simulator does not look at for roles
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html, ResourcePolicy).
/// </summary>
public sealed class ArtifactsCheck(Settings settings, AwsConnection connection) : ICheck
{
    /// <inheritdoc/>
    public string Name => "artifacts";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        var key = $"artifacts/{run.Source.Spec.Service}/check";
        using var own = connection.OpenS3();
        await own.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = settings.Bucket,
                Key = key,
                ContentBody = "Written by deployer doctor.",
            }
        );
        using var target = run.Account.Connection().OpenS3(settings.Region);
        try
        {
            using var read = await target.GetObjectAsync(new GetObjectRequest { BucketName = settings.Bucket, Key = key });
            return [CheckResult.Ok(Name, $"account {run.Target.Account} reads the artifacts of {settings.Bucket}")];
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            return
            [
                CheckResult.Problem(
                    Name,
                    $"deployer-{settings.Stage}-target of account {run.Target.Account} cannot read s3://{settings.Bucket}/{key}: "
                        + exception.Message,
                    $"let the account in by the bucket's policy: deployer bootstrap tools --stage {settings.Stage} "
                        + $"--parameter AllowedTargets={run.Target.Account} (with the other accounts, separated by commas)"
                ),
            ];
        }
    }
}
