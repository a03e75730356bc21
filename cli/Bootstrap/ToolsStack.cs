using System.IO.Compression;
using Amazon.CloudFormation.Model;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Bootstrap;

/// <summary>The deployer of a stage, in its own account.</summary>
/// <param name="stage">The stage.</param>
/// <param name="functions">The zip with the native functions; <see langword="null"/> for that of the program's package.</param>
internal sealed class ToolsStack(string stage, string? functions) : ProductStack($"deployer-{stage}", stage)
{
    private const string Transforms = "CAPABILITY_AUTO_EXPAND";
    public const string AllowedTargets = "AllowedTargets";
    private const string BuildRoles = "BuildRoles";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => ["tools", "--stage", Stage];

    /// <inheritdoc/>
    public override string Consequence(Stack present) => $"The deployer of stage {Stage} goes; what it has deployed stays and runs on.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Retained { get; } =
        new Dictionary<string, string>
        {
            ["Table"] = "it holds the records of what was deployed",
            ["Bucket"] = "it holds the sources and the records of what was deployed",
        };

    /// <inheritdoc/>
    public override async Task<StackOrder> Order(
        AwsAccess access,
        Stack? present,
        IReadOnlyDictionary<string, string> given,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        // One that is there keeps what it has: its services may have no roles of their own yet.
        var parameters = Parameters(given, (BuildRoles, present is null ? "service" : null));
        Require(
            present,
            parameters,
            AllowedTargets,
            "a new deployer needs the accounts that it may deploy to: --parameter AllowedTargets=111111111111"
        );
        if (present is null && await Kept(access, cancellation) is { Count: > 0 } kept)
        {
            throw new InvalidInputException(
                "NamesTaken",
                $"{string.Join(" and ", kept.Select(one => one.What))} of an earlier deployer of stage {Stage} "
                    + $"{(kept.Count == 1 ? "is" : "are")} still in the account, with the records of what it deployed, and CloudFormation "
                    + "makes nothing whose name is taken; expected another --stage, or none of them: 'deployer teardown tools --stage "
                    + $"{Stage}' names the commands that delete them"
            );
        }

        var packaged = await ProductTemplates.Package(access, Functions(), progress, cancellation);
        return new StackOrder(
            Name,
            await ProductTemplates.Place(access, "template.yaml", packaged, progress, cancellation),
            parameters,
            [NamedRoles, Transforms]
        );
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<NextStep>> AfterTeardown(AwsAccess access, CancellationToken cancellation)
    {
        var kept = await Kept(access, cancellation);
        var steps = new List<NextStep>();
        if (kept.Count > 0)
        {
            steps.Add(
                new NextStep(
                    $"As long as {(kept.Count == 1 ? "it is" : "they are")} there, no deployer of stage {Stage} can be made again in this "
                        + "account. Where nobody needs the records of what was deployed any more, delete for good:",
                    kept[0].Deletion,
                    kept.Count == 1 ? null : kept[1].Deletion
                )
            );
        }

        using var s3 = access.Connection.OpenS3();
        if (await ProductTemplates.HasBucket(s3, ProductTemplates.Bucket(access), cancellation))
        {
            steps.Add(
                new NextStep(
                    $"The bucket {ProductTemplates.Bucket(access)} stays, since the deployers of all stages have their functions and "
                        + "templates in it. Where there is none left in this account and region, delete it:",
                    DeletionOf(ProductTemplates.Bucket(access), access)
                )
            );
        }

        return steps;
    }

    private static string DeletionOf(string bucket, AwsAccess access) =>
        ShellWords.Join(["aws", "s3", "rb", $"s3://{bucket}", "--force", .. Place(access)]);

    private static IReadOnlyList<string> Place(AwsAccess access) =>
        [.. access.Settings.Profile is { } profile ? ["--profile", profile] : Array.Empty<string>(), "--region", access.Region];

    /// <summary>What the template has retained of a deployer that was torn down, each with the command that deletes it.</summary>
    private async Task<IReadOnlyList<(string What, string Deletion)>> Kept(AwsAccess access, CancellationToken cancellation)
    {
        var kept = new List<(string What, string Deletion)>();
        var (table, bucket) = (Name, $"{Name}-{access.Account}");
        using var dynamo = access.Connection.Open(
            (credentials, config) => new AmazonDynamoDBClient(credentials, config),
            new AmazonDynamoDBConfig()
        );
        using var s3 = access.Connection.OpenS3();
        try
        {
            await dynamo.DescribeTableAsync(table, cancellation);
            kept.Add(($"the table {table}", ShellWords.Join(["aws", "dynamodb", "delete-table", "--table-name", table, .. Place(access)])));
        }
        catch (ResourceNotFoundException)
        {
            // As it should be.
        }

        if (await ProductTemplates.HasBucket(s3, bucket, cancellation))
        {
            kept.Add(($"the bucket {bucket}", DeletionOf(bucket, access)));
        }

        return kept;
    }

    /// <inheritdoc/>
    public override Task<RunningExecutions> Running(AwsAccess access, CancellationToken cancellation) =>
        RunningExecutions.Find(access, Stage, cancellation);

    /// <inheritdoc/>
    public override Task<IReadOnlyList<NextStep>> Next(string program, AwsAccess access, Stack installed, StackInstallation installation) =>
        Task.FromResult<IReadOnlyList<NextStep>>([
            .. (Parameter(installed, AllowedTargets) ?? string.Empty)
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(account => InTarget(program, access, account)),
        ]);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<NextStep>> Before(string program, StackAttachments attachments, Stack present) =>
        [.. await base.Before(program, attachments, present), .. await attachments.OfPolicies(present)];

    private NextStep InTarget(string program, AwsAccess access, string account)
    {
        var profile = AccountProfiles.Words(account, access);
        return new NextStep(
            $"Make the way into account {account}, {AccountProfiles.Reason(account, profile)}:",
            ShellWords.Join([
                program,
                "bootstrap",
                "target",
                "--stage",
                Stage,
                "--tools-account",
                access.Account,
                "--tools-region",
                access.Region,
                .. profile,
            ])
        );
    }

    private string Functions()
    {
        const string Expected =
            "expected --functions with a zip that has the native executable as 'bootstrap': build/native.sh makes "
            + "artifacts/native/functions.zip (docs/native-functions.md)";
        var zip = functions ?? ProductTemplates.Functions;
        if (!File.Exists(zip))
        {
            throw new InvalidInputException("FunctionsMissing", $"there are no functions at {zip}; {Expected}");
        }

        // Lambda would refuse it once its stack is under way.
        return HasExecutable(zip) ? zip : throw new InvalidInputException("FunctionsInvalid", $"{zip} has no functions; {Expected}");
    }

    private static bool HasExecutable(string zip)
    {
        try
        {
            using var archive = ZipFile.OpenRead(zip);
            return archive.GetEntry("bootstrap") is not null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
