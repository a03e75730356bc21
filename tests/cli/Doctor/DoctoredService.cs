using System.Diagnostics;
using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.EventBridge;
using Amazon.Runtime;
using Amazon.S3;
using Deployer.Cli.Tests.AwsAccounts;
using Deployer.Cli.Tests.Serving;
using Deployer.Functions.Accounts;
using Parameter = Amazon.CloudFormation.Model.Parameter;

namespace Deployer.Cli.Tests.Doctor;

/// <summary>A copy of the example and its accounts, served, in which somebody makes mistakes.</summary>
public partial class DoctoredService : IAsyncLifetime
{
    public const string Tools = "222222222222";
    public const string Target = "111111111111";
    private const string Region = "us-east-1";

    /// <summary>A resource that only one stack of an account can make.</summary>
    private const string Taken = "\"Taken\": { \"Type\": \"AWS::Logs::LogGroup\", \"Properties\": { \"LogGroupName\": \"taken\" } }";

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-doctor-").FullName;
    private ServeProcess? _serve;

    /// <summary>The service's folder.</summary>
    public string Service => Path.Combine(_folder, "service");

    /// <summary>The example that is served.</summary>
    protected virtual string Example => Repository.Example;

    private AdministratorStacks Stacks => new(Administrator);

    private ServeProcess Serve => _serve ?? throw new InvalidOperationException("it is not served yet");

    public async ValueTask InitializeAsync()
    {
        Folders.Copy(Example, Service);
        _serve = await ServeProcess.Start(Service, "--target", "dev");
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A copy of the service with other texts in a file.</summary>
    public string Changed(string file, params (string From, string To)[] texts)
    {
        var copy = Path.Combine(_folder, $"changed-{Directory.GetDirectories(_folder).Length}");
        Folders.Copy(Service, copy);
        var text = File.ReadAllText(Path.Combine(copy, file));
        foreach (var (from, to) in texts)
        {
            text.ShouldContain(from);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        File.WriteAllText(Path.Combine(copy, file), text);
        return copy;
    }

    /// <summary>Has the program check, as an administrator of the deployer's account.</summary>
    internal async Task<Finished> Run(string service, params string[] options)
    {
        var start = DeployerProcess.Start(["doctor", service, "--target", "dev", .. options]);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_ENDPOINT_URL"] = Serve.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["AWS_REGION"] = Region;
        start.Environment["AWS_ACCESS_KEY_ID"] = Tools;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = Serve.Variables["AWS_SECRET_ACCESS_KEY"];
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(_folder, "no-credentials");
        start.Environment["AWS_CONFIG_FILE"] = Path.Combine(_folder, "no-config");
        using var process = Process.Start(start)!;
        return await DeployerProcess.Finish(process);
    }

    /// <summary>The problems that the program finds, by the check's name.</summary>
    internal async Task<IReadOnlyList<Found>> Problems(string? service = null) =>
        [.. (await Findings(service)).Where(found => found.Status == "problem")];

    /// <summary>The problems and notices, by the check's name.</summary>
    internal async Task<IReadOnlyList<Found>> Findings(string? service = null)
    {
        await LetTimePass();
        var document = Path.Combine(_folder, "doctor.json");
        var run = await Run(service ?? Service, "--json", document);
        run.ExitCode.ShouldBeOneOf(0, 1);
        var findings = Found.Read(await File.ReadAllTextAsync(document));
        run.ExitCode.ShouldBe(findings.Any(found => found.Status == "problem") ? 1 : 0, run.Output);
        return findings;
    }

    public IAmazonEventBridge Events(string account) => Stacks.Events(account);

    public IAmazonCloudFormation CloudFormation(string account) => Stacks.CloudFormation(account);

    public AmazonS3Client S3(string account) => Administrator(account).OpenS3();

    /// <summary>Makes a stack, and deletes it in the end.</summary>
    public async Task<IAsyncDisposable> Create(string account, string name, string template)
    {
        await Stacks.Create(account, name, template);
        return new Undo(() => Stacks.Delete(account, name));
    }

    /// <summary>Makes a stack that was there before.</summary>
    public Task Create(string account, string name, string template, IEnumerable<Parameter> parameters) =>
        Stacks.Create(account, name, template, parameters);

    /// <summary>Updates a stack with a resource that cannot be made, so that the update is rolled back.</summary>
    public async Task FailUpdate(string account, string name)
    {
        await Stacks.Create(account, "taken", $"Resources: {{ {Taken} }}");
        using var cloudFormation = CloudFormation(account);
        var stack = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks[0];
        var template = Resources()
            .Replace(
                (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = name })).TemplateBody,
                found => found.Value + (found.Value.EndsWith('{') ? $"{Taken}," : $"  {Taken}\n"),
                count: 1
            );
        template.ShouldContain(Taken);
        // One that is too large for a request lies in the deployer's bucket:
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
        var isLarge = template.Length > 51_200;
        const string Bucket = $"deployer-dev-{Tools}";
        var key = $"artifacts/{name}.yaml";
        if (isLarge)
        {
            using var s3 = S3(Tools);
            await s3.PutObjectAsync(
                new Amazon.S3.Model.PutObjectRequest
                {
                    BucketName = Bucket,
                    Key = key,
                    ContentBody = template,
                }
            );
        }

        await cloudFormation.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = name,
                TemplateBody = isLarge ? null : template,
                TemplateURL = isLarge ? $"https://{Bucket}.s3.{Region}.amazonaws.com/{key}" : null,
                Parameters = [.. stack.Parameters.Select(AdministratorStacks.Kept)],
                Capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            }
        );
        await AdministratorStacks.Settled(cloudFormation, name, "UPDATE_ROLLBACK_COMPLETE");
        await Stacks.Delete(account, "taken");
    }

    /// <summary>Changes a stack's parameters and, where it is given, its template, and changes them back in the end.</summary>
    /// <param name="account">The stack's account.</param>
    /// <param name="name">The stack.</param>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="template">The template; <see langword="null"/> for the present one.</param>
    /// <param name="removed">A parameter that the template does not have.</param>
    public async Task<IAsyncDisposable> Change(
        string account,
        string name,
        (string Key, string Value)[] parameters,
        string? template = null,
        string? removed = null
    )
    {
        using var cloudFormation = CloudFormation(account);
        var before = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks[0].Parameters;
        var original = template is null
            ? null
            : (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = name })).TemplateBody;
        var kept = before.Where(parameter => parameter.ParameterKey != removed);
        await Stacks.Update(account, name, AdministratorStacks.With(kept, parameters), template);
        return new Undo(() =>
            Stacks.Update(
                account,
                name,
                [
                    .. before.Select(parameter =>
                        parameter.ParameterKey == removed || parameters.Any(given => given.Key == parameter.ParameterKey)
                            ? new Parameter
                            {
                                ParameterKey = parameter.ParameterKey,
                                // What is hidden was empty.
                                ParameterValue = parameter.ParameterValue == "****" ? string.Empty : parameter.ParameterValue,
                            }
                            : AdministratorStacks.Kept(parameter)
                    ),
                ],
                original
            )
        );
    }

    /// <summary>
    /// Lets a minute of simulated time pass, so that every read shows what was changed: in it a chain of roles is made.
    /// </summary>
    public async Task LetTimePass()
    {
        await Stacks.CreateSlowly(Target, "time");
        await Stacks.Delete(Target, "time");
    }

    /// <summary>Deletes a stack and waits for it.</summary>
    public Task Delete(string account, string name) => Stacks.Delete(account, name);

    private AwsConnection Administrator(string account) =>
        new(
            new BasicAWSCredentials(account, Serve.Variables["AWS_SECRET_ACCESS_KEY"]),
            Region,
            Serve.Address.GetLeftPart(UriPartial.Authority),
            null
        );

    /// <summary>Where the resources of a template begin, in YAML or in JSON.</summary>
    [GeneratedRegex("\nResources:\n|\"Resources\":\\s*\\{", RegexOptions.None, 1000)]
    private static partial Regex Resources();

    private sealed class Undo(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}

/// <summary>The example with an ECS service and transactors, served.</summary>
public sealed class DoctoredOrders : DoctoredService
{
    /// <inheritdoc/>
    protected override string Example => Repository.At("examples/orders");
}
