using System.Collections.Concurrent;

namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>The programs that a build finds: those of its image, and none that this machine happens to have besides.</summary>
internal sealed class ImagePrograms
{
    // This machine's own would reach the real AWS and internet, or change this machine.
    private static readonly HashSet<string> NeverHere =
    [
        .. """
            add-apt-repository apt apt-get aria2c aws aws-iam-authenticator curl dig dnf docker docker-buildx docker-compose dockerd dpkg
            ecs-cli eksctl finch firefox ftp gh host ifconfig ip iptables kubectl nc nslookup pack route rpm sam sudo telnet wget yum zsync
            """.Split([' ', '\n']),
    ];

    // Each name is looked for in every folder of the path: once for all builds.
    private static readonly ConcurrentDictionary<string, string?> Here = new(StringComparer.Ordinal);

    private readonly string[] _names;

    private ImagePrograms(string list, string? notice)
    {
        _names = [.. CuratedImages.Programs[list].Select(program => program.Program)];
        Notice = notice;
    }

    /// <summary>What a build says whose image has no list; <see langword="null"/> where it has.</summary>
    internal string? Notice { get; }

    /// <summary>
    /// The programs of an image. What an image of somebody's own has, nobody can know here: it counts as the one that the template names
    /// by itself, with a notice. Refused, it would take the rehearsal from whoever names one, as the template invites to.
    /// </summary>
    internal static ImagePrograms OnImage(string image)
    {
        var known = CuratedImages.Programs.ContainsKey(image);
        return new ImagePrograms(
            known ? image : CuratedImages.Usual,
            known
                ? null
                : $"the programs of the image {image} are not known to the rehearsal: its builds found those of {CuratedImages.Usual}, "
                    + "which has no Clojure"
        );
    }

    /// <summary>Why builds on an image cannot be rehearsed; <see langword="null"/> where they can be.</summary>
    internal static string? Refusal(string image) =>
        CuratedImages.IsCurated(image) && !CuratedImages.Programs.ContainsKey(image)
            ? $"The rehearsal does not know the programs of the image {image}. Of CodeBuild's images it knows "
                + $"{string.Join(", ", CuratedImages.Programs.Keys)}."
            : null;

    /// <summary>Fills a build's path with a link to each program that this machine has.</summary>
    /// <param name="folder">An empty folder of the caller's.</param>
    /// <param name="others">What is not this machine's: simulated or refused.</param>
    internal void Link(string folder, IReadOnlySet<string> others)
    {
        foreach (var name in _names.Where(name => !others.Contains(name)))
        {
            File.CreateSymbolicLink(Path.Combine(folder, name), Find(name)!);
        }
    }

    /// <summary>Why a build cannot call what the image has, by the program's name.</summary>
    /// <param name="simulated">What is simulated of them, and can be called.</param>
    internal IReadOnlyDictionary<string, string> Refused(IReadOnlySet<string> simulated) =>
        _names
            .Where(name => !simulated.Contains(name))
            .Select(name => (Name: name, Reason: Reason(name)))
            .Where(refused => refused.Reason is not null)
            .ToDictionary(refused => refused.Name, refused => refused.Reason!, StringComparer.Ordinal);

    private static string? Reason(string name) =>
        NeverHere.Contains(name) ? $"this rehearsal was given nothing that simulates {name}"
        : Find(name) is null ? $"the machine of this rehearsal has no {name}, and nothing that simulates it"
        : null;

    private static string? Find(string name) =>
        Here.GetOrAdd(
            name,
            static name =>
                (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
                    .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                    .Select(folder => Path.Combine(folder, name))
                    .FirstOrDefault(File.Exists)
        );
}
