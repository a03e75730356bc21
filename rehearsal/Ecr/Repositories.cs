using System.Security.Cryptography;
using System.Text;
using Amazon.ECR.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecr;

/// <summary>A private repository of images. Stored under "account/region/name".</summary>
public sealed record RepositoryRecord(string Account, string Region, string Name, DateTimeOffset Created, IReadOnlyList<Tag> Tags)
{
    /// <summary>Its policy document, which other accounts need; <see langword="null"/> without one.</summary>
    public string? Policy { get; init; }

    /// <summary>The repository's ARN.</summary>
    public string Arn => $"arn:aws:ecr:{Region}:{Account}:repository/{Name}";

    /// <summary>What a reference to one of its images begins with.</summary>
    public string Uri => $"{Account}.dkr.ecr.{Region}.amazonaws.com/{Name}";
}

/// <summary>An image under one of its tags. Stored under the repository's key, a line feed and the tag.</summary>
public sealed record ImageRecord(string Tag, string Digest, DateTimeOffset Pushed);

/// <summary>
/// The repositories of all accounts. A rehearsal builds no image: a repository has one under every tag that is asked for, as if a build had
/// pushed it before, with a digest made of the repository and the tag, unless another one was pushed under the tag.
/// </summary>
public sealed class Repositories(RehearsalWorld world)
{
    /// <summary>The fault that takes the images of tags away.</summary>
    private const string Missing = "image-is-missing";

    // No name of a repository or of a tag has a line feed.
    private const char Separator = '\n';
    private readonly Table<RepositoryRecord> _repositories = world.Store.Table<RepositoryRecord>("ecr/repositories");
    private readonly Table<ImageRecord> _images = world.Store.Table<ImageRecord>("ecr/images");

    /// <summary>A repository by its name, or <see langword="null"/>.</summary>
    public RepositoryRecord? Find(string account, string region, string name) =>
        _repositories.Get(RegionalKey.Create(account, region, name));

    /// <summary>The repositories of an account and region, by name.</summary>
    public IEnumerable<RepositoryRecord> All(string account, string region) =>
        _repositories.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>Adds a repository, or gives an existing one other tags.</summary>
    public RepositoryRecord Put(string account, string region, string name, IReadOnlyList<Tag> tags)
    {
        var before = Find(account, region, name);
        var repository = new RepositoryRecord(account, region, name, before?.Created ?? world.Now, tags) { Policy = before?.Policy };
        _repositories.Put(Key(repository), repository);
        return repository;
    }

    /// <summary>Gives a repository a policy, or takes it away.</summary>
    public void Allow(RepositoryRecord repository, string? policy) =>
        _repositories.Put(Key(repository), repository with { Policy = policy });

    /// <summary>Puts an image under a tag, which leaves the one that had it before.</summary>
    public ImageRecord Push(RepositoryRecord repository, string tag, string digest)
    {
        var image = new ImageRecord(tag, digest, world.Now);
        _images.Put(Key(repository) + Separator + tag, image);
        return image;
    }

    /// <summary>The image under a tag; <see langword="null"/> when the fault takes it away.</summary>
    public ImageRecord? ByTag(RepositoryRecord repository, string tag) =>
        world.Faults.Strikes(Missing)
            ? null
            : _images.Get(Key(repository) + Separator + tag) ?? Push(repository, tag, Digest($"{repository.Arn}:{tag}"));

    /// <summary>The images of a digest, one for each of their tags that was asked for or pushed.</summary>
    public IEnumerable<ImageRecord> ByDigest(RepositoryRecord repository, string digest) =>
        Images(repository).Where(image => image.Digest == digest);

    /// <summary>The images that were asked for or pushed, by tag.</summary>
    public IEnumerable<ImageRecord> Images(RepositoryRecord repository) =>
        _images.WithPrefix(Key(repository) + Separator).Select(entry => entry.Value);

    /// <summary>Removes a repository with its images.</summary>
    public void Delete(RepositoryRecord repository)
    {
        foreach (var (key, _) in _images.WithPrefix(Key(repository) + Separator))
        {
            _images.Remove(key);
        }

        _repositories.Remove(Key(repository));
    }

    /// <summary>The digest of a text, as a manifest's.</summary>
    internal static string Digest(string text) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Key(RepositoryRecord repository) => RegionalKey.Create(repository.Account, repository.Region, repository.Name);
}
