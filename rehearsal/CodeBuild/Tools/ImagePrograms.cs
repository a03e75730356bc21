namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>
/// The programs that a build finds: those of the image <c>aws/codebuild/standard:7.0</c> that a build's commands may call, and none that
/// this machine happens to have besides. There is no Clojure among them.
/// </summary>
/// <remarks>
/// https://github.com/aws/aws-codebuild-docker-images/blob/master/ubuntu/standard/7.0/Dockerfile: Ubuntu 22.04 with the packages that it
/// installs, of which these are the programs; coreutils, util-linux and others are part of every Ubuntu.
/// </remarks>
internal static class ImagePrograms
{
    // Of every Ubuntu: coreutils, util-linux, findutils, diffutils, procps, and single packages of the Dockerfile's "core" layer.
    private const string Names = """
        [ arch b2sum base32 base64 basename basenc cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir dircolors dirname du
        echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv
        nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm rmdir runcon seq sha1sum sha224sum
        sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate
        tsort tty uname unexpand uniq unlink users vdir wc who whoami yes
        flock getopt hexdump logger lscpu mount rev script setsid taskset umount uuidgen whereis
        find xargs cmp diff diff3 sdiff free kill pgrep pidof pkill ps top uptime w watch
        awk mawk bash sh dash grep egrep fgrep sed hostname which perl file less
        autoconf automake bzip2 bunzip2 bzr c++ cc cpp dirmngr envsubst expect fakeroot g++ gcc gettext git gpg groff gunzip gzip jq ld
        locale localedef locate make nm openssl ar as patch pkg-config rsync scp sftp ssh ssh-add ssh-agent ssh-keygen ssh-keyscan strip tar
        tclsh unxz unzip vim xmllint xsltproc xz xzcat zcat zip zipinfo
        dotnet pwsh node npm npx yarn ruby gem python python3 pip pip3 php composer go java javac jar
        keytool ant mvn gradle sbt
        """;

    // What reaches AWS or the internet is simulated or refused: this machine's own would reach the real ones.
    private const string Reaching = "aws curl docker ecs-cli eksctl kubectl sam wget";

    // Each name is looked for in every folder of the path: once for all builds.
    private static readonly Lazy<IReadOnlyList<(string Name, string? Program)>> Here = new(Find);

    /// <summary>Fills a build's path with a link to each program that this machine has.</summary>
    /// <param name="folder">An empty folder of the caller's.</param>
    /// <param name="others">What is not this machine's: simulated or refused.</param>
    internal static void Link(string folder, IReadOnlySet<string> others)
    {
        foreach (var (name, program) in Here.Value.Where(named => !others.Contains(named.Name)))
        {
            File.CreateSymbolicLink(Path.Combine(folder, name), program!);
        }
    }

    /// <summary>Why a build cannot call what the image has, by the program's name.</summary>
    /// <param name="simulated">What is simulated of them, and can be called.</param>
    internal static IReadOnlyDictionary<string, string> Refused(IReadOnlySet<string> simulated) =>
        Here
            .Value.Where(named => named.Program is null)
            .Select(named => (named.Name, Reason: $"the machine of this rehearsal has no {named.Name}, and nothing that simulates it"))
            .Concat(Split(Reaching).Select(name => (Name: name, Reason: $"this rehearsal was given nothing that simulates {name}")))
            .Where(refused => !simulated.Contains(refused.Name))
            .ToDictionary(refused => refused.Name, refused => refused.Reason, StringComparer.Ordinal);

    private static List<(string Name, string? Program)> Find()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        var folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. Split(Names).Select(name => (name, folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)))];
    }

    private static string[] Split(string names) => names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
