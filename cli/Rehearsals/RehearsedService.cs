using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.CodePipeline;
using Deployer.Rehearsal.Git;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Rules;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Rehearsals;

/// <summary>A service as a rehearsal takes it: its files, one of its targets, and what the accounts hold before.</summary>
internal sealed record RehearsedService(string Folder, ISourceFolder Source, ServiceSpec Spec, TargetSpec Target, AccountsFile Accounts)
{
    /// <summary>The folder of a rehearsal's own in which the service is committed.</summary>
    public const string RepositoryFolder = "repository";

    internal const string AccountsPath = "accounts/accounts.yaml";

    /// <summary>The service and where it goes, without what a rehearsal needs besides.</summary>
    public ServiceAtTarget AtTarget => new(Source, Spec, Target);

    /// <summary>The folder with the deployer's own template and machines.</summary>
    public static string Product { get; } = Path.Combine(AppContext.BaseDirectory, "product");

    /// <summary>Reads the service for the target of this name, or for a development instance of it.</summary>
    /// <exception cref="InvalidInputException">The folder, a file of it, or the target is not as expected.</exception>
    public static RehearsedService Read(string service, string target, string? instance)
    {
        service = Path.GetFullPath(service);
        var found = ReadAtTarget(service, target, instance);
        return For(service, found.Folder, found.Spec, found.Target);
    }

    /// <summary>Reads a service for a target without what a rehearsal needs besides, as for a target on AWS.</summary>
    /// <exception cref="InvalidInputException">The folder, a file of it, or the target is not as expected.</exception>
    public static ServiceAtTarget ReadAtTarget(string service, string target, string? instance)
    {
        var (source, spec) = ReadSpec(Path.GetFullPath(service));
        var named =
            spec.Target(target)
            ?? throw new InvalidInputException(
                "TargetUnknown",
                $"{SpecFile.Name} has no target '{target}'; expected one of "
                    + $"{string.Join(", ", spec.Targets.Select(known => known.Name))}"
            );
        return new ServiceAtTarget(source, spec, instance is null ? named : CheckedInstance(source, spec, named, instance));
    }

    /// <summary>Reads a service without a target.</summary>
    /// <exception cref="InvalidInputException">The folder or a file of it is not as expected.</exception>
    public static ServiceSpec ReadFile(string service) => ReadSpec(Path.GetFullPath(service)).Spec;

    private static TargetSpec CheckedInstance(ISourceFolder source, ServiceSpec spec, TargetSpec target, string instance)
    {
        if (target.Instances is null)
        {
            throw new InvalidInputException(
                "InstanceInvalid",
                $"target '{target.Name}' allows no development instances; "
                    + $"expected 'instances' with steps and expireAfter in {SpecFile.Name}"
            );
        }

        if (SpecReader.InstanceNameFault(instance) is { } wrong)
        {
            throw new InvalidInputException("InstanceInvalid", $"--instance: {wrong.Problem}; expected {wrong.Expected}");
        }

        var named = target.ForInstance(instance);
        var faults = SpecReader.CheckInstance(spec, source, named, [], StepKinds.BuiltIn);
        return faults.Count == 0 ? named : throw new InvalidInputException("InstanceInvalid", string.Join('\n', faults));
    }

    /// <summary>Reads the service for each of its targets.</summary>
    /// <exception cref="InvalidInputException">The folder or a file of it is not as expected.</exception>
    public static IReadOnlyList<RehearsedService> ReadAll(string service)
    {
        service = Path.GetFullPath(service);
        var (source, spec) = ReadSpec(service);
        return [.. spec.Targets.Select(target => For(service, source, spec, target))];
    }

    /// <summary>
    /// Checks that the pipelines of the accounts find their source: deployer.yaml names the repository that they take it from.
    /// </summary>
    /// <exception cref="InvalidInputException">It names none, or another one.</exception>
    public void CheckRepository()
    {
        if (RepositoryFault(Spec, Accounts) is { } fault)
        {
            throw new InvalidInputException("RepositoryMissing", $"{SpecFile.Name}: {fault.Problem}; expected {fault.Expected}");
        }
    }

    /// <summary>
    /// Checks that the accounts have the deployer that deploys to the target; one that a template of the service's own might make is
    /// believed.
    /// </summary>
    /// <exception cref="InvalidInputException">No stack of the accounts makes it.</exception>
    public void CheckDeployer()
    {
        var stage = Deployer.Stage;
        if (
            !Accounts.Stacks.Any(stack =>
                stack.InTools
                && (stack.Template == AccountsFile.DeployerTemplate || !AccountsFile.IsOfDeployer(stack.Template))
                && stack.Parameters.GetValueOrDefault("Stage", stage) == stage
            )
        )
        {
            throw new InvalidInputException(
                "DeployerMissing",
                $"no stack of {AccountsPath} makes the deployer of stage {stage}; expected one with account: tools, "
                    + $"template: {AccountsFile.DeployerTemplate} and the parameter Stage: {stage}"
            );
        }
    }

    /// <summary>A pipeline may have further sources; one of them is the service's.</summary>
    private static (string Problem, string Expected)? RepositoryFault(ServiceSpec spec, AccountsFile accounts)
    {
        var sources = PipelineRepositories(accounts).ToList();
        if (
            sources.Count == 0
            || spec.Repository is { } named
                && sources.Exists(source => source.Repository is not { } name || Repositories.AreSame(named.Url, Hosted(name)))
        )
        {
            return null;
        }

        var (stack, repository) = sources[0];
        return (
            (spec.Repository is { } other ? $"\"repository\" is {other.Url}" : "there is no \"repository\"")
                + $", and the pipeline of stack {stack} takes its source from {repository ?? "a repository"}",
            $"repository: {{ url: {Hosted(repository ?? "OWNER/NAME")}, connection: … }}"
        );
    }

    /// <summary>The repositories of the accounts' pipelines; null for one that is not known before its stack is made.</summary>
    private static IEnumerable<(string Stack, string? Repository)> PipelineRepositories(AccountsFile accounts) =>
        from stack in accounts.Stacks
        where stack.InTools && stack.Template != AccountsFile.DeployerTemplate
        let template = accounts.TemplatePath(stack, Product)
        where File.Exists(template)
        from repository in PipelineSources.Repositories(File.ReadAllText(template), stack.Parameters)
        select (stack.Name, repository);

    private static string Hosted(string repository) => $"https://github.com/{repository}";

    /// <summary>Brings the accounts to where they stand before a rehearsal.</summary>
    /// <param name="rehearsal">The simulated AWS.</param>
    /// <param name="takesChanges">Whether kept accounts take over what this folder says otherwise since.</param>
    /// <exception cref="InvalidInputException">The accounts cannot be brought there; kept ones stay as they were.</exception>
    public async Task<AccountPreparation> Prepare(AwsRehearsal rehearsal, bool takesChanges = true)
    {
        try
        {
            return await rehearsal.Prepare(Accounts, Target.Declared, Target.Account, Target.Region, Product, takesChanges);
        }
        catch (AccountsFileException exception)
        {
            throw new InvalidInputException("AccountsInvalid", exception.Message, exception);
        }
    }

    /// <summary>Puts the service as it is now into the simulated git host, where its pipeline finds it.</summary>
    /// <param name="rehearsal">The simulated AWS.</param>
    /// <param name="scratch">The rehearsal's own folder.</param>
    /// <returns>The commit.</returns>
    public async Task<string> Publish(AwsRehearsal rehearsal, string scratch)
    {
        var repository = Path.Combine(scratch, RepositoryFolder);
        var commit = await Commit(scratch);
        if (Spec.Repository is { } hosted)
        {
            await PublishOthers(rehearsal, hosted.Url, scratch);
            await rehearsal.Publish(hosted.Url, repository);
            if (hosted.Connection is { } connection)
            {
                await rehearsal.Connect(connection, hosted.Url);
            }
        }

        return commit;
    }

    /// <summary>The further repositories of pipelines, which are not at hand: one file each stands for what is in them.</summary>
    private async Task PublishOthers(AwsRehearsal rehearsal, string own, string scratch)
    {
        var others = PipelineRepositories(Accounts)
            .Select(source => source.Repository)
            .OfType<string>()
            .Where(name => !Repositories.AreSame(own, Hosted(name)))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        foreach (var name in others)
        {
            var folder = Directory.CreateDirectory(Path.Combine(scratch, "other-repositories", name.Replace('/', '-')));
            var content = folder.CreateSubdirectory("content");
            await File.WriteAllTextAsync(Path.Combine(content.FullName, "README.md"), $"A rehearsal has no files of {name}.\n");
            var repository = Path.Combine(folder.FullName, "repository");
            await ServiceRepository.Commit(new DiskFolder(content.FullName), repository);
            await rehearsal.Publish(Hosted(name), repository);
        }
    }

    /// <summary>Commits the service as it is now to its repository, before it is published.</summary>
    /// <param name="scratch">The rehearsal's own folder.</param>
    /// <returns>The commit.</returns>
    public Task<string> Commit(string scratch) => ServiceRepository.Commit(Source, Path.Combine(scratch, RepositoryFolder));

    /// <summary>The deployer of the target's stage.</summary>
    public DeployerStage Deployer => new(DeployerStage.OfTarget(Target.Declared), Accounts.ToolsAccount, Accounts.Region);

    /// <summary>Uploads the service as it is now to the deployer's bucket, as a person does who starts a machine by hand.</summary>
    public Task<SourceObject> Upload(AccountClients tools) => SourceUpload.Upload(tools, Deployer.Bucket, Source);

    /// <summary>Where the service as it is now is uploaded to.</summary>
    public SourceObject Incoming() => SourceUpload.Incoming(Deployer.Bucket, Source);

    /// <summary>The service as it is now, as a zip.</summary>
    public FileStream Zip() => SourceUpload.Zip(Source);

    /// <summary>
    /// What a rehearsal cannot take of a service's files, for all of its targets, whatever else is wrong with them: what cannot be
    /// simulated of its templates, of those of its accounts, and the accounts' own file.
    /// </summary>
    /// <param name="service">The service's folder.</param>
    /// <param name="files">Its files.</param>
    public static IReadOnlyList<UnsupportedFeature> Unsupported(string service, ServiceFiles files)
    {
        service = Path.GetFullPath(service);
        var found = new List<UnsupportedFeature>();
        var templates = files.Readable.Templates.ToList();
        foreach (var target in files.Readable.Targets)
        {
            try
            {
                var accounts = ReadAccounts(service, target);
                templates.AddRange(TemplatesOf(accounts));
                if (files.Spec is { } spec)
                {
                    found.AddRange(TemplateVersionsIn(spec, target));
                    found.AddRange(UnmatchedEntries(service, spec, target, accounts));
                    if (RepositoryFault(spec, accounts) is { } fault)
                    {
                        found.Add(new UnsupportedFeature(SpecFile.Name, 1, 1, fault.Problem, fault.Expected));
                    }
                }
            }
            catch (InvalidInputException exception)
            {
                found.Add(OfAccounts(service, exception));
            }
        }

        return [.. found.Concat(TemplateSupport.CheckFiles(service, templates)).Distinct()];
    }

    /// <summary>What is wrong with the accounts, where it is.</summary>
    private static UnsupportedFeature OfAccounts(string service, InvalidInputException fault)
    {
        const string Separator = "; expected ";
        if (fault.InnerException is not AccountsFileException { Place: { } place } accounts)
        {
            // What is wrong with the file as a whole says what was expected itself.
            return fault.Message.LastIndexOf(Separator, StringComparison.Ordinal) is >= 0 and var at
                ? new UnsupportedFeature(AccountsPath, 1, 1, fault.Message[..at], fault.Message[(at + Separator.Length)..])
                : new UnsupportedFeature(AccountsPath, 1, 1, fault.Message, AccountsFile.Purpose);
        }

        var purpose = Path.GetFileName(place.File) == AccountsFile.CustomResourcesFile ? AccountsFile.AnswersPurpose : AccountsFile.Purpose;
        return new UnsupportedFeature(
            Path.GetRelativePath(service, place.File),
            place.Line,
            place.Column,
            accounts.Problem,
            accounts.Expected ?? purpose
        );
    }

    private static IEnumerable<string> TemplatesOf(AccountsFile accounts) =>
        accounts
            .Stacks.Where(stack => !AccountsFile.IsOfDeployer(stack.Template))
            .Select(stack => Path.Combine(Path.GetDirectoryName(AccountsPath)!, stack.Template));

    /// <summary>What cannot be simulated for one target: of the templates of its steps and of its accounts.</summary>
    private static IReadOnlyList<UnsupportedFeature> Unsupported(
        string service,
        ServiceSpec spec,
        TargetSpec target,
        AccountsFile accounts
    ) =>
        [
            .. TemplateVersionsIn(spec, target),
            .. UnmatchedEntries(service, spec, target, accounts),
            .. TemplateSupport.CheckFiles(
                service,
                spec.Steps.SelectMany(step => step.Templates)
                    .Select(template => template.Evaluate(spec.Resolver(target)).Value)
                    .OfType<string>()
                    .Where(template => !template.Contains("://", StringComparison.Ordinal))
                    .Concat(TemplatesOf(accounts))
            ),
        ];

    /// <summary>What is said of custom resources that there are not; nothing where a template is not at hand.</summary>
    private static IEnumerable<UnsupportedFeature> UnmatchedEntries(
        string service,
        ServiceSpec spec,
        TargetSpec target,
        AccountsFile accounts
    )
    {
        var source = new DiskFolder(service);
        var templates = spec
            .Steps.SelectMany(step => step.Templates)
            .Select(template => template.Evaluate(spec.Resolver(target)).Value)
            .Select(template =>
                template?.Contains("://", StringComparison.Ordinal) == true ? TemplatesAtHand.Find(source, template)?.ToString() : template
            )
            .ToList();
        return templates.Contains(null)
            ? []
            : CustomResourceEntries
                .Unmatched(service, templates.OfType<string>().Concat(TemplatesOf(accounts)), [.. accounts.CustomResourceEntries.Keys])
                .Select(key => (Key: key, Place: accounts.CustomResourceEntries[key]))
                .Select(entry => new UnsupportedFeature(
                    Path.GetRelativePath(service, entry.Place.File),
                    entry.Place.Line,
                    entry.Place.Column,
                    $"no template has the custom resource '{entry.Key}'",
                    "a type of custom resources in a template, or STACK/LOGICALID of one"
                ));
    }

    /// <summary>Addresses of templates that name a version of the object.</summary>
    private static IEnumerable<UnsupportedFeature> TemplateVersionsIn(ServiceSpec spec, TargetSpec target) =>
        from template in spec.Steps.SelectMany(step => step.Templates)
        let address = template.Evaluate(spec.Resolver(target)).Value
        where address is not null && TemplateVersions.IsIn(address)
        let said = TemplateVersions.Unsupported(address)
        select new UnsupportedFeature(
            template.Position.File,
            template.Position.Line,
            template.Position.Column,
            said.Problem,
            said.Expected
        );

    private static (ISourceFolder Source, ServiceSpec Spec) ReadSpec(string service)
    {
        var source = ServiceFiles.Open(service);
        var files = ServiceFiles.Check(service, source);
        return files.Faults.Count == 0
            ? (source, files.Spec!)
            : throw new InvalidInputException("SpecInvalidException", string.Join('\n', files.Faults));
    }

    private static RehearsedService For(string service, ISourceFolder source, ServiceSpec spec, TargetSpec target)
    {
        var accounts = ReadAccounts(service, target);
        var unsupported = Unsupported(service, spec, target, accounts);
        return unsupported.Count == 0
            ? new RehearsedService(service, source, spec, target, accounts)
            : throw new InvalidInputException("RehearsalUnsupported", string.Join('\n', unsupported));
    }

    /// <summary>The values of <c>${…}</c> in the files of a rehearsal.</summary>
    public static IReadOnlyDictionary<string, string> ValuesOf(TargetSpec target)
    {
        var values = new Dictionary<string, string>(target.Values) { ["target"] = target.Declared, ["account"] = target.Account };
        // A value that the target itself calls so goes before.
        values.TryAdd("stage", DeployerStage.OfTarget(target.Declared));
        return values;
    }

    private static AccountsFile ReadAccounts(string service, TargetSpec target)
    {
        var values = ValuesOf(target);
        try
        {
            return AccountsFile.Read(Path.Combine(service, AccountsPath), values);
        }
        catch (AccountsFileException exception)
        {
            throw new InvalidInputException("AccountsInvalid", exception.Message, exception);
        }
    }
}
