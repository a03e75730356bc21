using System.Globalization;
using System.Text;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Datomic.Edn;
using Deployer.Rehearsal.Datomic.IonDev;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic;

/// <summary>An ion Lambda of a release that an account holds before a rehearsal.</summary>
public sealed record ReleasedLambda(string Name, string Description, int TimeoutSeconds, int? ConcurrencyLimit);

/// <summary>
/// A release that a compute group runs before a rehearsal begins, so that there is something to go back to. It goes the
/// way of any other: into the code bucket, then through <c>datomic-group</c>.
/// </summary>
public sealed record IonRelease(
    string Account,
    string Region,
    string Group,
    string Application,
    string Revision,
    IReadOnlyList<ReleasedLambda> Lambdas
)
{
    /// <summary>Pushes it and starts its deployment, on the world's thread and as the account's administrator.</summary>
    /// <returns>The execution's ARN: the release is made when that has succeeded.</returns>
    /// <exception cref="ApiException">The account has no code bucket, or the group does not exist.</exception>
    public string Start(RehearsalWorld world)
    {
        var buckets = new Buckets(world);
        var bucket =
            buckets.All.FirstOrDefault(candidate =>
                candidate.Account == Account && candidate.Region == Region && candidate.Tags.ContainsKey(CodeBucket.Tag)
            )
            ?? throw new ApiException(
                "NoSuchBucket",
                $"the account {Account} has no code bucket in {Region}: none is tagged {CodeBucket.Tag}",
                404
            );
        var objects = new Objects(world);
        var key = new Revision(Revision, true).Key(Application);
        objects.Put(
            bucket,
            key,
            RevisionZip.Make(new Dictionary<string, byte[]> { [IonConfig.ResourceName] = Encoding.UTF8.GetBytes(Config()) })
        );
        objects.Put(bucket, Push.LambdaPackage, Push.LambdaCode);

        var principal = Principal.Root(Account);
        world.Api.Invoke<RegisterApplicationRevisionResponse>(
            principal,
            Region,
            new RegisterApplicationRevisionRequest
            {
                ApplicationName = Application,
                Revision = new RevisionLocation
                {
                    RevisionType = RevisionLocationType.S3,
                    S3Location = new S3Location
                    {
                        Bucket = bucket.Name,
                        Key = key,
                        BundleType = BundleType.Zip,
                    },
                },
            }
        );
        var difference = new LambdaDifference(
            [
                .. Lambdas.Select(lambda => new IonLambda(
                    lambda.Name,
                    Fn(lambda),
                    lambda.Description,
                    lambda.TimeoutSeconds,
                    lambda.ConcurrencyLimit
                )),
            ],
            [],
            []
        );
        return world
            .Api.Invoke<StartExecutionResponse>(
                principal,
                Region,
                new StartExecutionRequest
                {
                    StateMachineArn = $"arn:aws:states:{Region}:{Account}:stateMachine:datomic-{Group}",
                    Name = string.Create(CultureInfo.InvariantCulture, $"{Group}-{Revision}-{world.Now.ToUnixTimeMilliseconds()}"),
                    Input = DeployInput.Write(Application, Group, bucket.Name, key, difference),
                }
            )
            .ExecutionArn;
    }

    private string Fn(ReleasedLambda lambda) => $"{Application}.ions/{lambda.Name}";

    private string Config() =>
        EdnWriter.Write(
            new EdnMap([
                new(new Keyword("app-name"), Application),
                new(
                    new Keyword("lambdas"),
                    new EdnMap([.. Lambdas.Select(lambda => new KeyValuePair<object, object?>(new Keyword(lambda.Name), Lambda(lambda)))])
                ),
            ])
        );

    private EdnMap Lambda(ReleasedLambda lambda) =>
        new([
            new(new Keyword("fn"), new Symbol(Fn(lambda))),
            new(new Keyword("description"), lambda.Description),
            new(new Keyword("timeout-secs"), (long)lambda.TimeoutSeconds),
            new(new Keyword("concurrency-limit"), lambda.ConcurrencyLimit is { } limit ? (long)limit : new Keyword("none")),
        ]);
}
