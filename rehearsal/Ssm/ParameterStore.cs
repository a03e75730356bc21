using System.Text;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ssm;

/// <summary>The parameters of every account. Errors are the API's.</summary>
public sealed partial class ParameterStore(RehearsalWorld world)
{
    private const int StandardValueBytes = 4096;
    private readonly Table<SsmParameter> _parameters = world.Store.Table<SsmParameter>("ssm/parameters");

    /// <summary>The parameter, or <see langword="null"/>.</summary>
    public SsmParameter? Find(string account, string region, string name) => _parameters.Get(Key(account, region, name));

    /// <summary>The parameters whose names begin so, by name.</summary>
    public IEnumerable<SsmParameter> Below(string account, string region, string prefix) =>
        _parameters.WithPrefix(Key(account, region, prefix)).Select(parameter => parameter.Value);

    /// <summary>Makes a parameter, or gives it a new version.</summary>
    /// <param name="account">Its account.</param>
    /// <param name="region">Its region.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value, not empty, at most 4 KB.</param>
    /// <param name="type">Needed for a new parameter; a parameter keeps its type.</param>
    /// <param name="overwrite">Whether there may be one already.</param>
    /// <param name="description"><see langword="null"/> leaves it as it is.</param>
    /// <param name="tags">Given to a new parameter.</param>
    /// <returns>The number of the version.</returns>
    /// <exception cref="ApiException">ParameterAlreadyExists, HierarchyTypeMismatchException, ValidationException.</exception>
    public int Put(
        string account,
        string region,
        string name,
        string value,
        string? type = null,
        bool overwrite = false,
        string? description = null,
        IReadOnlyDictionary<string, string>? tags = null
    )
    {
        if (!Names().IsMatch(name) || (name.Contains('/', StringComparison.Ordinal) && name[0] != '/'))
        {
            throw new ApiException(
                "ValidationException",
                $"Parameter name: {name} is not valid: letters, digits and .-_ in parts that begin with a slash."
            );
        }

        if (value.Length == 0 || Encoding.UTF8.GetByteCount(value) > StandardValueBytes)
        {
            throw new ApiException(
                "ValidationException",
                $"Standard tier parameters support a maximum parameter value of {StandardValueBytes} characters and none that is empty."
            );
        }

        var old = Find(account, region, name);
        if (old is not null && !overwrite)
        {
            throw new ApiException(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
            );
        }

        if (old is null && type is null)
        {
            throw new ApiException("ValidationException", "A parameter type is required when you create a parameter.");
        }

        if (old is not null && type is not null && type != old.Type)
        {
            // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_Errors
            throw new ApiException(
                "HierarchyTypeMismatchException",
                "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter "
                    + "from a String type to a SecureString type. You must create a new, unique parameter."
            );
        }

        var version = new SsmParameterVersion(value, world.Now);
        _parameters.Put(
            Key(account, region, name),
            old is null
                ? new SsmParameter(account, region, name, type!, [version], description, tags ?? new Dictionary<string, string>())
                : old with
                {
                    Versions = [.. old.Versions, version],
                    Description = description ?? old.Description,
                }
        );
        return (old?.Versions.Count ?? 0) + 1;
    }

    /// <summary>Adds tags to a parameter.</summary>
    public void Tag(SsmParameter parameter, IReadOnlyDictionary<string, string> tags) =>
        _parameters.Put(
            Key(parameter.Account, parameter.Region, parameter.Name),
            parameter with
            {
                Tags = parameter.Tags.Where(tag => !tags.ContainsKey(tag.Key)).Concat(tags).ToDictionary(),
            }
        );

    /// <summary>Gives a parameter other tags.</summary>
    public void Retag(SsmParameter parameter, IReadOnlyDictionary<string, string> tags) =>
        _parameters.Put(Key(parameter.Account, parameter.Region, parameter.Name), parameter with { Tags = tags });

    /// <summary>Removes a parameter; says whether there was one.</summary>
    public bool Delete(string account, string region, string name) => _parameters.Remove(Key(account, region, name));

    private static string Key(string account, string region, string name) => RegionalKey.Create(account, region, name);

    [GeneratedRegex(@"^[A-Za-z0-9_./-]{1,1011}\z", RegexOptions.None, 60_000)]
    private static partial Regex Names();
}
