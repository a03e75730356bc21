using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Datomic;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using ExecutionStatus = Amazon.StepFunctions.ExecutionStatus;
using StackRecord = Deployer.Rehearsal.CloudFormation.Stacks.StackRecord;
using StackTable = Deployer.Rehearsal.CloudFormation.Stacks.StackTable;

namespace Deployer.Rehearsal.Accounts;

/// <summary>
/// Brings the accounts to where they stand before a rehearsal: as their administrators, through CloudFormation, with the
/// deployer's own template among the stacks.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="file">What the accounts hold.</param>
/// <param name="targetAccount">The target's account.</param>
/// <param name="targetRegion">The target's region.</param>
/// <param name="deployer">Folder with the deployer's <c>template.yaml</c>, <c>templates</c> and <c>statemachines</c>.</param>
internal sealed class AccountsBuilder(RehearsalWorld world, AccountsFile file, string targetAccount, string targetRegion, string deployer)
{
    private const string PublicReading = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}]}
        """;

    // Datomic's own account; which one it is matters to nobody.
    private const string Owner = "000000000001";

    private static readonly StackStatus[] UnderWay =
    [
        StackStatus.CREATE_IN_PROGRESS,
        StackStatus.UPDATE_IN_PROGRESS,
        StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS,
        StackStatus.UPDATE_ROLLBACK_IN_PROGRESS,
        StackStatus.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS,
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromHours(3);

    /// <summary>What the deployer's templates and machines contain, as a digest.</summary>
    public string Version { get; } =
        Hash(string.Join('\0', DeployersFiles(deployer).Select(path => Path.GetFileName(path) + '\0' + File.ReadAllText(path))));

    /// <summary>Makes everything, stack by stack, but what another target has made just so: targets of a stage share its stacks.</summary>
    /// <param name="others">What was brought into the accounts for other targets.</param>
    /// <exception cref="AccountsFileException">A stack cannot be made; the message says why.</exception>
    public async Task Build(IReadOnlyList<PreparedTarget> others)
    {
        await world.Do(PublishTemplates);
        foreach (var stack in file.Stacks)
        {
            if (!await world.Do(() => IsMade(stack, others)))
            {
                await Create(stack);
            }
        }

        foreach (var ions in file.Ions)
        {
            await Release(ions);
        }
    }

    /// <summary>Whether another target has made a stack just so.</summary>
    /// <exception cref="AccountsFileException">Another target has made it otherwise.</exception>
    private bool IsMade(AccountStack stack, IReadOnlyList<PreparedTarget> others)
    {
        if (Find(stack) is null)
        {
            return false;
        }

        var made = others.Select(other => other.Stacks?.GetValueOrDefault(Key(stack))).OfType<PreparedStack>().ToList();
        return made.Count == 0 || made.Any(one => one.Digest == Digest(stack))
            ? made.Count > 0
            : throw new AccountsFileException(
                $"stack {stack.Name} ({stack.Template}) was made for another target, and the accounts file gives it another template or "
                    + "other parameters for this one; expected the same for all targets that share it, such as the accounts of all of "
                    + "them, or a name for each"
            );
    }

    /// <summary>What the accounts hold once everything is made, or <paramref name="changes"/> are.</summary>
    public PreparedTarget Prepared(AccountChanges? changes = null)
    {
        var stacks = changes is null ? [] : changes.Kept;
        if (stacks is not null)
        {
            foreach (var stack in changes?.Stacks.Select(change => change.Stack) ?? file.Stacks)
            {
                stacks[Key(stack)] = new PreparedStack(Digest(stack), Find(stack)?.Updated);
            }
        }

        return new PreparedTarget(targetAccount, Version, stacks, changes is null ? IonsDigest : changes.Ions);
    }

    /// <summary>What the accounts file and its templates say otherwise than when the accounts were last brought to them.</summary>
    /// <param name="found">What was brought into the accounts.</param>
    /// <param name="takesChanges">
    /// Whether kept accounts take the service's changes over; else the deployer alone is upgraded, to its present templates.
    /// </param>
    public AccountChanges Changes(PreparedTarget found, bool takesChanges)
    {
        var (stacks, left) = (new List<AccountChange>(), new List<string>());
        var kept = new Dictionary<string, PreparedStack>(found.Stacks ?? [], StringComparer.Ordinal);
        foreach (var stack in file.Stacks)
        {
            var known = kept.GetValueOrDefault(Key(stack));
            var isUpgrade = AccountsFile.IsOfDeployer(stack.Template) && found.Deployer != Version;
            if (known?.Digest == Digest(stack) || !(takesChanges || isUpgrade))
            {
                continue;
            }

            var running = Find(stack);
            if (running is null && (isUpgrade && stack.InTools || found.Stacks is not null && known is null))
            {
                stacks.Add(new AccountChange(stack, IsNew: true));
            }
            else if (running is not null && (AccountsFile.IsOfDeployer(stack.Template) || IsAsMade(running, known, found)))
            {
                stacks.Add(new AccountChange(stack, IsNew: false));
            }
            else if (found.Stacks is null)
            {
                // What an earlier version made it from is not known, and others have changed it since, or taken it away.
                kept[Key(stack)] = new PreparedStack(Digest(stack), running?.Updated);
            }
            else if (!isUpgrade)
            {
                left.Add(
                    $"stack {stack.Name} ({stack.Template}) of the accounts file has changed, and is left as it is in the kept accounts: "
                        + (
                            running is null ? "it was deleted there since"
                            : known is null ? "somebody else has made it there"
                            : "others have updated it there since"
                        )
                );
            }
        }

        if (takesChanges)
        {
            foreach (var (key, _) in found.Stacks ?? [])
            {
                if (file.Stacks.Any(stack => Key(stack) == key))
                {
                    continue;
                }

                if (Find(key) is { } running)
                {
                    left.Add($"stack {running.Name} is no longer in the accounts file, and stays in the kept accounts");
                }
                else
                {
                    kept.Remove(key);
                }
            }

            if (found.Ions is not null && found.Ions != IonsDigest)
            {
                left.Add("the ions of the accounts file have changed, and the kept accounts have the revisions that they had");
            }
        }

        return new AccountChanges(
            stacks,
            left,
            takesChanges || found.Stacks is not null ? kept : null,
            takesChanges ? found.Ions ?? IonsDigest : found.Ions
        );
    }

    /// <summary>
    /// Applies changes in the order of the file, as the administrators do. Of the deployer's own stacks, what the deployer's account lacks
    /// is made, as for a template that came with a version; what a target's account lacks was taken away, and is not made.
    /// </summary>
    /// <exception cref="AccountsFileException">A stack cannot be made or updated; the message says why.</exception>
    /// <returns>What was done to the service's stacks, and to those of the deployer by the file.</returns>
    public async Task<IReadOnlyList<string>> Apply(AccountChanges changes, PreparedTarget found)
    {
        var applied = new List<string>();
        if (found.Deployer != Version)
        {
            await world.Do(PublishReleases);
        }

        foreach (var (stack, isNew) in changes.Stacks)
        {
            var isUpgrade = AccountsFile.IsOfDeployer(stack.Template) && found.Deployer != Version;
            if ((isNew ? await Create(stack) : await Update(stack)) && !isUpgrade)
            {
                applied.Add(
                    $"stack {stack.Name} ({stack.Template}) of the accounts file {(isNew ? "is new" : "has changed")}, and was "
                        + $"{(isNew ? "made" : "updated")} in the kept accounts before the run"
                );
            }
        }

        return applied;
    }

    /// <summary>Whether nobody has updated a stack since it was made from the accounts file.</summary>
    private static bool IsAsMade(StackRecord running, PreparedStack? known, PreparedTarget found) =>
        found.Stacks is null ? running.Updated is null : known is not null && running.Updated == known.Updated;

    private string IonsDigest => Hash(JsonSerializer.Serialize(file.Ions));

    /// <summary>What a stack is made from: of the deployer's own, its version, since its template names further files.</summary>
    private string Digest(AccountStack stack)
    {
        var path = file.TemplatePath(stack, deployer);
        return Hash(
            string.Join(
                '\0',
                [
                    stack.Template,
                    AccountsFile.IsOfDeployer(stack.Template) ? Version
                    : File.Exists(path) ? File.ReadAllText(path)
                    : string.Empty,
                    .. stack
                        .Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
                        .Select(parameter => $"{parameter.Key}={stack.Imported.Contains(parameter.Key)}{parameter.Value}"),
                ]
            )
        );
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Key(AccountStack stack)
    {
        var (account, region) = Place(stack);
        return $"{account}/{region}/{stack.Name}";
    }

    private StackRecord? Find(AccountStack stack) => Find(Key(stack));

    private StackRecord? Find(string key)
    {
        var parts = key.Split('/', 3);
        return new StackTable(world).Find(parts[0], parts[1], parts[2]);
    }

    private static IEnumerable<string> DeployersFiles(string deployer) =>
        new[] { "templates", "statemachines" }
            .Select(folder => Path.Combine(deployer, folder))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles)
            .Prepend(Path.Combine(deployer, "template.yaml"))
            .Order(StringComparer.Ordinal);

    private (string Account, string Region) Place(AccountStack stack) =>
        stack.InTools ? (file.ToolsAccount, file.Region) : (targetAccount, targetRegion);

    private void PublishTemplates()
    {
        PublishReleases();
        PublishChanges();
    }

    /// <summary>
    /// Puts what the folders of templates hold now into the buckets that everyone can read, whose owner does so whenever it likes. What is
    /// there already in the same form is left.
    /// </summary>
    public void PublishChanges()
    {
        foreach (var name in file.PublicBuckets)
        {
            var isNew = MakeBucket(Owner, name, PublicReading.Replace("%s", name, StringComparison.Ordinal));
            var folder = Path.Combine(file.Folder, name);
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var (key, content) = (Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes(path));
                if (isNew || !Published(name, key).AsSpan().SequenceEqual(content))
                {
                    world.Api.PutObject(Principal.Root(Owner), file.Region, name, key, content);
                }
            }
        }
    }

    private byte[]? Published(string bucket, string key)
    {
        try
        {
            return world.Api.GetObject(Principal.Root(Owner), file.Region, bucket, key).Bytes;
        }
        catch (ApiException exception) when (exception.Code == "NoSuchKey")
        {
            return null;
        }
    }

    private void PublishReleases()
    {
        MakeBucket(
            Owner,
            DatomicReleases.Bucket,
            PublicReading.Replace("%s", DatomicReleases.Bucket, StringComparison.Ordinal),
            DatomicReleases.Region
        );
        foreach (var key in DatomicReleases.Keys)
        {
            world.Api.PutObject(Principal.Root(Owner), DatomicReleases.Region, DatomicReleases.Bucket, key, Encoding.UTF8.GetBytes(key));
        }
    }

    private Task<bool> Create(AccountStack stack) =>
        Run(
            stack,
            "made",
            (root, region) =>
            {
                var (body, url) = Template(stack);
                return world
                    .Api.Invoke<CreateStackResponse>(
                        root,
                        region,
                        new CreateStackRequest
                        {
                            StackName = stack.Name,
                            TemplateBody = body,
                            TemplateURL = url,
                            Parameters = Parameters(stack, root, region),
                            Capabilities = Capabilities,
                            OnFailure = OnFailure.DO_NOTHING,
                        }
                    )
                    .StackId;
            },
            StackStatus.CREATE_COMPLETE
        );

    private Task<bool> Update(AccountStack stack) =>
        Run(
            stack,
            "updated",
            (root, region) =>
            {
                var (body, url) = Template(stack);
                try
                {
                    return world
                        .Api.Invoke<UpdateStackResponse>(
                            root,
                            region,
                            new UpdateStackRequest
                            {
                                StackName = stack.Name,
                                TemplateBody = body,
                                TemplateURL = url,
                                Parameters = Parameters(stack, root, region),
                                Capabilities = Capabilities,
                            }
                        )
                        .StackId;
                }
                catch (ApiException exception) when (exception.Message == StackRequests.NothingToUpdate)
                {
                    return null;
                }
            },
            StackStatus.UPDATE_COMPLETE
        );

    private static List<string> Capabilities => [Capability.CAPABILITY_NAMED_IAM, Capability.CAPABILITY_AUTO_EXPAND];

    private List<Parameter> Parameters(AccountStack stack, Principal root, string region) =>
        [
            .. stack.Parameters.Select(parameter => new Parameter
            {
                ParameterKey = parameter.Key,
                ParameterValue = stack.Imported.Contains(parameter.Key) ? Exported(stack, parameter.Value, root, region) : parameter.Value,
            }),
        ];

    private string Exported(AccountStack stack, string name, Principal root, string region) =>
        world.Api.Invoke<ListExportsResponse>(root, region, new ListExportsRequest()).Exports.Find(export => export.Name == name)?.Value
        ?? throw new AccountsFileException($"stack {stack.Name} ({stack.Template}): no stack before it exports {name}");

    /// <summary>Runs an operation of a stack to its end.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="done">What is done to it, in words.</param>
    /// <param name="start">Starts it and gives the stack's id, or <see langword="null"/> when there is nothing to do.</param>
    /// <param name="success">The status of a stack in which it succeeded.</param>
    /// <returns>Whether there was something to do.</returns>
    private async Task<bool> Run(AccountStack stack, string done, Func<Principal, string, string?> start, StackStatus success)
    {
        var (account, region) = Place(stack);
        var root = Principal.Root(account);
        var began = world.Now;
        try
        {
            if (await world.Do(() => start(root, region)) is not { } id)
            {
                return false;
            }

            Stack Described() =>
                world.Api.Invoke<DescribeStacksResponse>(root, region, new DescribeStacksRequest { StackName = id }).Stacks[0];
            await world.RunUntil(() => !UnderWay.Contains(Described().StackStatus), Patience);
            var made = await world.Do(Described);
            if (made.StackStatus != success)
            {
                throw Fault(stack, done, await world.Do(() => FirstFailure(root, region, id, began)) ?? made.StackStatusReason);
            }

            return true;
        }
        catch (ApiException exception)
        {
            throw Fault(stack, done, exception.Message);
        }
        catch (AmazonCloudFormationException exception)
        {
            throw Fault(stack, done, exception.Message);
        }
    }

    private string? FirstFailure(Principal root, string region, string stack, DateTimeOffset began) =>
        world
            .Api.Invoke<DescribeStackEventsResponse>(root, region, new DescribeStackEventsRequest { StackName = stack })
            .StackEvents.Where(happened =>
                (happened.ResourceStatus == ResourceStatus.CREATE_FAILED || happened.ResourceStatus == ResourceStatus.UPDATE_FAILED)
                && happened.PhysicalResourceId != stack
                && happened.Timestamp >= began.UtcDateTime
            )
            .Select(happened => $"{happened.LogicalResourceId}: {happened.ResourceStatusReason}")
            .LastOrDefault();

    private static AccountsFileException Fault(AccountStack stack, string done, string? reason) =>
        new($"stack {stack.Name} ({stack.Template}) cannot be {done}: {reason}");

    /// <summary>The template itself, or the address of that of the deployer, which is larger than a request may be.</summary>
    private (string? Body, string? Url) Template(AccountStack stack)
    {
        if (stack.Template != AccountsFile.DeployerTemplate)
        {
            var path = file.TemplatePath(stack, deployer);
            return File.Exists(path)
                ? (File.ReadAllText(path), null)
                : throw new AccountsFileException($"stack {stack.Name}: there is no template {path}");
        }

        var bucket = $"deployer-artifacts-{file.ToolsAccount}";
        MakeBucket(file.ToolsAccount, bucket, policy: null);
        var template = (JsonObject)YamlReader.Read(File.ReadAllText(Path.Combine(deployer, "template.yaml")))!;
        var packaged = LocalArtifacts
            .Replace(
                template,
                artifact =>
                {
                    var local = Path.Combine(deployer, artifact.Path);

                    // The functions run from their executable; the object only stands for it.
                    var content = File.Exists(local) ? File.ReadAllBytes(local) : Encoding.UTF8.GetBytes("the functions' executable");
                    var key = artifact.Path.Trim('/');
                    world.Api.PutObject(Principal.Root(file.ToolsAccount), file.Region, bucket, key, content);
                    return new CloudFormation.Templates.S3Location(bucket, key);
                }
            )
            .ToJsonString();
        const string Key = "template.json";
        world.Api.PutObject(Principal.Root(file.ToolsAccount), file.Region, bucket, Key, Encoding.UTF8.GetBytes(packaged));
        return (null, $"https://{bucket}.s3.{file.Region}.amazonaws.com/{Key}");
    }

    private async Task Release(AccountIons ions)
    {
        var release = new IonRelease(
            targetAccount,
            targetRegion,
            ions.Group,
            ions.Application,
            ions.Revision,
            [
                .. ions.Lambdas.Select(lambda => new ReleasedLambda(
                    lambda.Key,
                    lambda.Value.GetValueOrDefault("description") ?? string.Empty,
                    int.Parse(lambda.Value.GetValueOrDefault("timeout-secs") ?? "60"),
                    int.Parse(lambda.Value.GetValueOrDefault("concurrency-limit") ?? "20")
                )),
            ]
        );
        try
        {
            var execution = await world.Do(() => release.Start(world));
            DescribeExecutionResponse Described() =>
                world.Api.Invoke<DescribeExecutionResponse>(
                    Principal.Root(targetAccount),
                    targetRegion,
                    new DescribeExecutionRequest { ExecutionArn = execution }
                );
            await world.RunUntil(() => Described().Status != ExecutionStatus.RUNNING, Patience);
            var ended = await world.Do(Described);
            if (ended.Status != ExecutionStatus.SUCCEEDED)
            {
                throw new AccountsFileException(
                    $"revision {ions.Revision} cannot be brought onto {ions.Group}: {ended.Error} {ended.Cause}"
                );
            }
        }
        catch (ApiException exception)
        {
            throw new AccountsFileException(
                $"revision {ions.Revision} cannot be brought onto {ions.Group}: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>Makes a bucket where there is none of the name.</summary>
    /// <returns>Whether it is new.</returns>
    private bool MakeBucket(string owner, string name, string? policy, string? region = null)
    {
        var buckets = new Buckets(world);
        if (buckets.Find(name) is not null)
        {
            return false;
        }

        buckets.Create(
            new Bucket
            {
                Name = name,
                Account = owner,
                Region = region ?? file.Region,
                Policy = policy,
            }
        );
        return true;
    }
}
