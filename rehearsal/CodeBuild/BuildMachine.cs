using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.CodeBuild.Buildspecs;
using Deployer.Rehearsal.CodeBuild.Shell;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Git;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>The machine that one build runs on: a folder that nobody keeps, and a shell in it.</summary>
internal static partial class BuildMachine
{
    private const string DefaultBuildspec = "buildspec.yml";

    /// <summary>Runs a build. Nothing of it is left behind.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="tools">What is simulated of the programs that it calls.</param>
    /// <param name="progress">Notes how far it has come.</param>
    /// <param name="cancellation">Kills the shell.</param>
    internal static async Task<BuildOutcome> Run(
        BuildOrder order,
        IReadOnlyList<IBuildTool> tools,
        BuildProgress progress,
        CancellationToken cancellation
    )
    {
        using var folder = ScratchFolder.Create();
        return await Run(order, tools, new DirectoryInfo(folder.Path), progress, cancellation);
    }

    private static async Task<BuildOutcome> Run(
        BuildOrder order,
        IReadOnlyList<IBuildTool> tools,
        DirectoryInfo folder,
        BuildProgress progress,
        CancellationToken cancellation
    )
    {
        var source = folder.CreateSubdirectory("src").FullName;
        string? resolved;
        Buildspec buildspec;
        try
        {
            resolved = await Fetch(order.Source, source, cancellation);
            buildspec = BuildspecReader.Read(await Text(order.Buildspec, source, cancellation));
        }
        catch (BuildspecException fault)
        {
            return new BuildOutcome { SourceFault = ("YAML_FILE_ERROR", fault.Message) };
        }
        catch (Exception fault) when (fault is GitException or InvalidDataException)
        {
            return new BuildOutcome { SourceFault = ("CLIENT_ERROR", fault.Message) };
        }

        var (served, path, installable) = BuildTools.Open(folder.CreateSubdirectory("tools").FullName, order.Programs, tools, cancellation);
        await using var ended = served;
        var environment = new Dictionary<string, string>(buildspec.Variables, StringComparer.Ordinal)
        {
            ["PATH"] = path,
            [BuildTools.InstallableVariable] = installable,
            ["HOME"] = folder.CreateSubdirectory("home").FullName,
            ["CODEBUILD_SRC_DIR"] = source,
            ["CODEBUILD_RESOLVED_SOURCE_VERSION"] = resolved ?? string.Empty,
        };
        foreach (var (name, value) in order.Environment)
        {
            environment[name] = value;
        }

        var result = await BuildShell.Run(
            buildspec.Phases,
            source,
            folder.CreateSubdirectory("control").FullName,
            environment,
            order.Time,
            served.TakeNotSimulated,
            cancellation,
            progress
        );
        var outcome = new BuildOutcome
        {
            Commands = result,
            ResolvedVersion = resolved,
            ArtifactName = buildspec.Artifacts?.Name,
        };
        if (!order.CollectsArtifacts || buildspec.Artifacts is not { } artifacts)
        {
            return outcome;
        }

        try
        {
            return outcome with { Artifacts = Collect(artifacts, source, folder.FullName, environment) };
        }
        catch (InvalidDataException refused)
        {
            return outcome with { ArtifactFault = refused.Message };
        }
    }

    private static async Task<string?> Fetch(BuildSource source, string folder, CancellationToken cancellation)
    {
        switch (source)
        {
            case BuildSource.Archive archive:
                using (var zip = new ZipArchive(new MemoryStream(archive.Zip)))
                {
                    zip.ExtractToDirectory(folder);
                }

                return null;
            case BuildSource.Checkout clone:
                await Clone(clone, folder, cancellation);
                if (clone.Version is { } version)
                {
                    await GitCommand.Run(folder, cancellation, "checkout", "--quiet", version);
                }

                await GitCommand.Run(folder, cancellation, "remote", "set-url", "origin", clone.Url);
                return GitCommand.IsCommit(clone.Version) ? clone.Version : await GitCommand.Run(folder, cancellation, "rev-parse", "HEAD");
            default:
                return null;
        }
    }

    /// <summary>Clones what stands for the repository.</summary>
    private static Task<string> Clone(BuildSource.Checkout clone, string folder, CancellationToken cancellation)
    {
        // A depth takes git's protocol. Else git copies the files of the repository itself, where the protocol starts five programs more;
        // no link of theirs leads from what a build may write to the repository. What a version names is checked out alone.
        // https://git-scm.com/docs/git-clone
        string[] manner = clone.Depth is { } commits
            ? ["--depth", commits.ToString(CultureInfo.InvariantCulture), new Uri(clone.Folder).AbsoluteUri]
            : ["--no-hardlinks", .. clone.Version is null ? Array.Empty<string>() : ["--no-checkout"], clone.Folder];
        return GitCommand.Run(folder, cancellation, ["clone", "--quiet", .. manner, "."]);
    }

    /// <summary>A specification in the request is YAML of many lines; anything else is a path.</summary>
    private static async Task<string> Text(string? buildspec, string source, CancellationToken cancellation)
    {
        if (buildspec?.Contains('\n', StringComparison.Ordinal) == true)
        {
            return buildspec;
        }

        var name = string.IsNullOrEmpty(buildspec) ? DefaultBuildspec : buildspec;
        var path = Path.Combine(source, name);
        return File.Exists(path)
            ? await File.ReadAllTextAsync(path, cancellation)
            : throw new BuildspecException($"stat {name}: no such file or directory");
    }

    private static List<KeyValuePair<string, byte[]>> Collect(
        BuildspecArtifacts artifacts,
        string source,
        string machine,
        Dictionary<string, string> environment
    )
    {
        var baseDirectory = Variable()
            .Replace(
                artifacts.BaseDirectory ?? string.Empty,
                match => environment.GetValueOrDefault(match.Groups["name"].Value, string.Empty)
            );
        var folder = Path.GetFullPath(Path.Combine(source, baseDirectory));
        return
        [
            .. ArtifactFiles
                .Read(folder, machine, artifacts.Files)
                .Select(file => KeyValuePair.Create(artifacts.DiscardPaths ? Path.GetFileName(file.Path) : file.Path, file.Content))
                .OrderBy(file => file.Key, StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"\$(?<name>[A-Za-z_][A-Za-z0-9_]*)|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Variable();
}
