using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CodeBuild.Buildspecs;
using Deployer.Rehearsal.CodeBuild.Shell;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Datomic;
using Deployer.Rehearsal.Git;

namespace Deployer.Rehearsal.Tests.CodeBuild;

/// <summary>The commands of the project that runs ion-dev, as <c>template.yaml</c> has them, on the simulated image.</summary>
public sealed class IonsBuildTests : IDisposable
{
    private const string Key = "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n-----END OPENSSH PRIVATE KEY-----";

    /// <summary>A version that is written nowhere else.</summary>
    private const string IonDev = "9.8.765";

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-").FullName;
    private readonly Downloads _downloads = new();
    private readonly Recorded _clojure = new("clojure") { IsInImage = false };
    private readonly Recorded _aws = new("aws");
    private string? _lacking;
    private string? _gitKey;
    private bool _isRepository = true;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_Clojure_CLI_is_installed_and_fetches_ion_dev_with_the_role_of_the_project_before_the_target_is_used()
    {
        var result = await Build();

        result.Phases.ShouldAllBe(phase => phase.ExitCode == 0);
        result.Output.ShouldContain("Clojure CLI version 1.12.4.1582");
        _downloads.Asked.ShouldHaveSingleItem().Host.ShouldBe("github.com");
        _clojure.Calls.ConvertAll(call => string.Join(' ', call.Arguments)).ShouldBe(["-P -A:ion-dev", "-A:ion-dev {:op :push}"]);
        _clojure.Calls.ConvertAll(call => call.Environment["AWS_ACCESS_KEY_ID"]).ShouldBe(["OFTHEPROJECT", "OFTHETARGET"]);
        _clojure.Calls.ShouldAllBe(call => call.Folder == Path.Combine(_folder, "src", "ions"));
        var own = await File.ReadAllTextAsync(Path.Combine(_folder, "home/.clojure/deps.edn"), TestContext.Current.CancellationToken);
        own.ShouldContain("s3://datomic-releases-1fc2183a/maven/releases?region=us-east-1");
        own.ShouldContain($$"""com.datomic/ion-dev {:mvn/version "{{IonDev}}"}""");
    }

    [Theory]
    [InlineData("aws")]
    [InlineData("git")]
    [InlineData("java")]
    [InlineData("curl")]
    [InlineData("sha256sum")]
    [InlineData("tar")]
    public async Task A_program_that_the_image_lacks_fails_the_build_with_its_name(string program)
    {
        _lacking = program;

        var result = await Build();

        var failed = result.Phases.ShouldHaveSingleItem();
        (failed.Phase.Name, failed.ExitCode, failed.Command).ShouldBe(("INSTALL", 1, $"command -v {program}"));
        _clojure.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_download_that_was_tampered_with_fails_the_build_with_that_cause()
    {
        _downloads.Change = content => content[^1]++;

        var result = await Build();

        var failed = result.Phases.ShouldHaveSingleItem();
        (failed.Phase.Name, failed.ExitCode).ShouldBe(("INSTALL", 1));
        failed.Command.ShouldBe("command -v clojure || sha256sum --check \"$archive.sha256\"");
        result.Output.ShouldContain($"{_folder}/home/clojure-tools-1.12.4.1582.tar.gz: FAILED");
        result.Output.ShouldContain("sha256sum: WARNING: 1 computed checksum did NOT match");
        Directory.Exists(Path.Combine(_folder, "home/clojure-tools")).ShouldBeFalse("it was unpacked");
        _clojure.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_Clojure_of_the_image_is_used_as_it_is()
    {
        _clojure.IsInImage = true;

        var result = await Build();

        result.Phases.ShouldAllBe(phase => phase.ExitCode == 0);
        _downloads.Asked.ShouldBeEmpty();
        _clojure.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_cache_of_the_Clojure_CLI_leaves_the_tree_as_the_commit_has_it()
    {
        _clojure.Does = call => File.WriteAllText(Path.Combine(Directory.CreateDirectory($"{call.Folder}/.cpcache").FullName, "1.cp"), "x");

        var result = await Build();

        result.Phases.ShouldAllBe(phase => phase.ExitCode == 0);
        Directory.Exists(Path.Combine(_folder, "src/ions/.cpcache")).ShouldBeTrue();
        (
            await GitCommand.Run(Path.Combine(_folder, "src"), TestContext.Current.CancellationToken, "status", "--porcelain")
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_zip_becomes_a_repository()
    {
        _isRepository = false;

        var result = await Build();

        result.Phases.ShouldAllBe(phase => phase.ExitCode == 0);
        Directory.Exists(Path.Combine(_folder, "src/ions/.git")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_key_of_git_dependencies_is_a_file_of_the_build_alone_and_printed_nowhere()
    {
        _gitKey = Key;

        var result = await Build();

        result.Phases.ShouldAllBe(phase => phase.ExitCode == 0);
        var file = Path.Combine(_folder, "home/.ssh/deployer-git-key");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe($"{Key}\n");
        if (!OperatingSystem.IsWindows())
        {
            (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)).ShouldBe(UnixFileMode.None);
        }

        _clojure.Calls.ShouldAllBe(call => call.Environment["GIT_SSH_COMMAND"].StartsWith($"ssh -i {file} "));
        _clojure.Calls.ShouldAllBe(call => !call.Environment.ContainsKey("GIT_KEY"));
        result.Output.ShouldNotContain(line => line.Contains("secret", StringComparison.Ordinal));
    }

    private async Task<ShellResult> Build()
    {
        var project = (JsonObject)
            TemplateText.Read(Deployer.Tests.Repository.Text("template.yaml"))["Resources"]!["IonsProject"]!["Properties"]!;
        var parameters = (JsonObject)TemplateText.Read(Deployer.Tests.Repository.Text("template.yaml"))["Parameters"]!;
        var spec = BuildspecReader.Read(project["Source"]!["BuildSpec"]!.GetValue<string>());
        var source = Directory.CreateDirectory(Path.Combine(_folder, "src")).FullName;
        Directory.CreateDirectory(Path.Combine(source, "ions"));
        await File.WriteAllTextAsync(Path.Combine(source, "ions/deps.edn"), "{}", TestContext.Current.CancellationToken);
        if (_isRepository)
        {
            string[] identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
            await GitCommand.Run(source, TestContext.Current.CancellationToken, "init", "--quiet");
            await GitCommand.Run(source, TestContext.Current.CancellationToken, "add", ".");
            await GitCommand.Run(source, TestContext.Current.CancellationToken, [.. identity, "commit", "--quiet", "-m", "first"]);
        }

        _aws.Prints = "OFTHETARGET\tsecret\ttoken";
        var (tools, path, installable) = BuildTools.Open(
            Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName,
            ImagePrograms.OnImage(parameters["BuildImage"]!["Default"]!.GetValue<string>()),
            [_clojure, _aws, new SimulatedCurl([_downloads]), new SimulatedSha256Sum([_downloads])],
            TestContext.Current.CancellationToken
        );
        await using var ended = tools;
        if (_lacking is not null)
        {
            File.Delete(Path.Combine(path, _lacking));
        }

        var environment = new Dictionary<string, string>
        {
            ["PATH"] = path,
            [BuildTools.InstallableVariable] = installable,
            ["HOME"] = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName,
            ["CODEBUILD_SRC_DIR"] = source,
            ["AWS_ACCESS_KEY_ID"] = "OFTHEPROJECT",
            ["DEPLOYER_FOLDER"] = "ions",
            ["DEPLOYER_ION_DEV"] = IonDev,
            ["DEPLOYER_ROLE"] = "role",
            ["DEPLOYER_SESSION"] = "session",
            ["DEPLOYER_TARGET_REGION"] = "us-east-1",
            ["DEPLOYER_OPERATION"] = "push",
            ["DEPLOYER_ARGUMENT"] = "{:op :push}",
            ["CLOJURE_VERSION"] = parameters["ClojureVersion"]!["Default"]!.GetValue<string>(),
            ["CLOJURE_SHA256"] = parameters["ClojureSha256"]!["Default"]!.GetValue<string>(),
        };
        if (_gitKey is not null)
        {
            environment["GIT_KEY"] = _gitKey;
        }

        return await BuildShell.Run(
            spec.Phases,
            source,
            Directory.CreateDirectory(Path.Combine(_folder, "control")).FullName,
            environment,
            DateTimeOffset.UnixEpoch,
            tools.TakeNotSimulated,
            TestContext.Current.CancellationToken
        );
    }

    private sealed class Downloads : IDownload
    {
        private readonly ClojureRelease _release = new();

        public List<Uri> Asked { get; } = [];

        public Action<byte[]> Change { get; set; } = _ => { };

        public byte[]? Find(Uri address)
        {
            Asked.Add(address);
            var found = _release.Find(address);
            if (found is not null)
            {
                Change(found);
            }

            return found;
        }

        public string? PublishedSha256(byte[] content) => _release.PublishedSha256(content);
    }

    private sealed class Recorded(string name) : IBuildTool
    {
        public IReadOnlyList<string> Names => [name];

        public bool IsInImage { get; set; } = true;

        public List<ToolCall> Calls { get; } = [];

        public string Prints { get; set; } = "{}";

        public Action<ToolCall> Does { get; set; } = _ => { };

        public async Task<int> Run(ToolCall call)
        {
            Calls.Add(call);
            Does(call);
            await call.Output.WriteLineAsync(Prints);
            return 0;
        }
    }
}
