using System.Security.Cryptography;
using System.Text;

namespace Deployer.Rehearsal.World;

/// <summary>
/// The secret of one run, from which the secret of each of its access keys follows. It is drawn from the machine's own randomness and
/// never stored: whoever knows the seed still cannot sign.
/// </summary>
public sealed class SigningSecret
{
    private const int Length = 40;

    /// <summary>Draws a secret.</summary>
    public SigningSecret() => Administrator = RandomNumberGenerator.GetHexString(Length, lowercase: true);

    /// <summary>The secret access key of every account's administrator.</summary>
    public string Administrator { get; }

    /// <summary>Whether an access key is that of an account's administrator: its twelve digits.</summary>
    public static bool IsAdministrator(string accessKey) => accessKey.Length == 12 && accessKey.All(char.IsAsciiDigit);

    /// <summary>The secret access key that belongs to an access key.</summary>
    public string SecretKeyFor(string accessKey) =>
        IsAdministrator(accessKey)
            ? Administrator
            : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Administrator), Encoding.UTF8.GetBytes(accessKey)))[
                ..Length
            ];
}
