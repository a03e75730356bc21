using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Deployer.Spec.Rules;

/// <summary>Options of a letter by which a program takes a password: what a letter means is each program's own.</summary>
internal static partial class SecretOptions
{
    // Programs whose -u is a user with a password: https://curl.se/docs/manpage.html#-u
    private static readonly Program Curl = new(["-u", "-U", "--user", "--proxy-user"], IsAttached: true, HasUser: true);

    // https://dev.mysql.com/doc/refman/8.4/en/connecting.html: "-p or --password … no space"; the word after -p is a database.
    private static readonly Program MySql = new(["-p"], IsAttached: true, IsSeparate: false);

    // https://redis.io/docs/latest/develop/tools/cli/
    private static readonly Program Redis = new(["-a"]);

    // https://www.mongodb.com/docs/mongodb-shell/reference/options/
    private static readonly Program Mongo = new(["-p"]);

    // Programs whose -u is a user with a group, as is that of the engines: https://docs.docker.com/reference/cli/docker/container/run/
    private static readonly Program Groups = new([]);

    private static readonly FrozenDictionary<string, Program> Programs = new Dictionary<string, Program>(StringComparer.Ordinal)
    {
        ["curl"] = Curl,
        ["mysql"] = MySql,
        ["mysqladmin"] = MySql,
        ["mysqlcheck"] = MySql,
        ["mysqldump"] = MySql,
        ["mysqlimport"] = MySql,
        ["mariadb"] = MySql,
        ["mariadb-admin"] = MySql,
        ["mariadb-dump"] = MySql,
        ["redis-cli"] = Redis,
        ["valkey-cli"] = Redis,
        ["mongo"] = Mongo,
        ["mongosh"] = Mongo,
        ["mongodump"] = Mongo,
        ["mongorestore"] = Mongo,
        // https://manpages.debian.org/stable/sshpass/sshpass.1.en.html
        ["sshpass"] = new(["-p"], IsAttached: true),
        // https://www.openldap.org/software/man.cgi?query=ldapsearch
        ["ldapsearch"] = new(["-w"], IsAttached: true),
        ["ldapadd"] = new(["-w"], IsAttached: true),
        ["ldapmodify"] = new(["-w"], IsAttached: true),
        // https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility
        ["sqlcmd"] = new(["-P"], IsAttached: true),
        ["chown"] = Groups,
        ["chroot"] = Groups,
        ["docker"] = Groups,
        ["gosu"] = Groups,
        ["nerdctl"] = Groups,
        ["podman"] = Groups,
        ["su-exec"] = Groups,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Of a program that is not known, -u with a colon is a user with a password, unless it reads as a user and a group.
    private static readonly Program Unknown = new(["-u", "--user"], HasUser: true);

    /// <summary>The secret that a word is, or holds, by an option of a letter; <see langword="null"/> for none.</summary>
    /// <param name="words">The command.</param>
    /// <param name="at">The word's place.</param>
    public static string? Find(IReadOnlyList<string> words, int at)
    {
        var program = ProgramOf(words, at);
        foreach (var option in (program ?? Unknown).Options)
        {
            var word = words[at].Trim('"', '\'');
            var value =
                at > 0 && words[at - 1] == option && (program ?? Unknown).IsSeparate ? word
                : option.Length == 2
                && word.Length > 2
                && (program ?? Unknown).IsAttached
                && word.StartsWith(option, StringComparison.Ordinal)
                    ? word[2..].Trim('"', '\'')
                : null;
            if (value is not null && HarmlessValues.IsGiven(value) && (program ?? Unknown).Takes(value, isKnown: program is not null))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The program that a word belongs to: the last one before it that is known, in the same command of a shell.</summary>
    private static Program? ProgramOf(IReadOnlyList<string> words, int at)
    {
        for (var place = at - 1; place >= 0 && !EndsCommand().IsMatch(words[place]); place--)
        {
            var word = words[place].Trim('"', '\'', '(', '`');
            var isAddress = word.Contains("://", StringComparison.Ordinal);
            if (!isAddress && Programs.TryGetValue(word[(word.LastIndexOf('/') + 1)..], out var program))
            {
                return program;
            }
        }

        return null;
    }

    // As curl has them; what a shell puts in the place of the password is none, and an address is no user.
    [GeneratedRegex("^(?<user>[^:$]+):(?<password>(?!//)[^$`<].*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex UserAndPassword();

    [GeneratedRegex("[;&|]$", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex EndsCommand();

    /// <summary>A program that takes a password by an option of a letter.</summary>
    /// <param name="Options">The options.</param>
    /// <param name="IsAttached">Whether a value may stand behind the letter in the same word.</param>
    /// <param name="IsSeparate">Whether a value may be the next word.</param>
    /// <param name="HasUser">Whether a user stands before the password.</param>
    private sealed record Program(string[] Options, bool IsAttached = false, bool IsSeparate = true, bool HasUser = false)
    {
        public bool Takes(string value, bool isKnown)
        {
            if (!HasUser)
            {
                return !HarmlessValues.IsOne(value);
            }

            var found = UserAndPassword().Match(value);
            return found.Success && (isKnown || !IsUserAndGroup(found.Groups["user"].Value, found.Groups["password"].Value));
        }

        private static bool IsUserAndGroup(string user, string group) =>
            user == group || (user.All(char.IsAsciiDigit) && group.All(char.IsAsciiDigit));
    }
}
