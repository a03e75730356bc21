using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Datomic's code bucket, which ion-dev finds by its tag and wants to be the only one.</summary>
public sealed class CodeBucketCheck : ICheck
{
    private const string Page = "https://docs.datomic.com/operation/how-to.html#find-ion-code-bucket";

    /// <inheritdoc/>
    public string Name => "code-bucket";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        if (!run.Source.Spec.Steps.OfType<IonsStep>().Any())
        {
            return [];
        }

        var (account, region) = (run.Target.Account, run.Target.Region);
        return await CodeBucket.Tagged(run.Account) switch
        {
            [var only] => [CheckResult.Ok(Name, $"account {account}, {region} has one code bucket: {only}")],
            [] =>
            [
                CheckResult.Problem(
                    Name,
                    $"no bucket of account {account}, {region} has the tag datomic:code",
                    $"check the target's account and region; Datomic's storage stack makes the bucket ({Page})"
                ),
            ],
            var several =>
            [
                CheckResult.Problem(
                    Name,
                    $"{several.Count} buckets of account {account}, {region} have the tag datomic:code: {string.Join(", ", several)}",
                    $"take the tag from those that Datomic did not make, since ion-dev works with one only ({Page})"
                ),
            ],
        };
    }
}
