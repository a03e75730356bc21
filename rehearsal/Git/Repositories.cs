using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Git;

/// <summary>The hosted repositories that are simulated: the address that AWS knows, and the git repository on this machine that stands for
/// it.</summary>
public sealed class Repositories(RehearsalWorld world)
{
    private readonly Table<Repository> _repositories = world.Store.Table<Repository>("repositories");

    /// <summary>Adds a repository, or points its address at another folder.</summary>
    /// <param name="url">Such as <c>https://github.com/acme/inventory</c>; with or without <c>.git</c>.</param>
    /// <param name="folder">A git repository, bare or not.</param>
    public void Put(string url, string folder) => _repositories.Put(Key(url), new Repository(Key(url), Path.GetFullPath(folder)));

    /// <summary>The repository of an address, or <see langword="null"/>.</summary>
    public Repository? Find(string url) => _repositories.Get(Key(url));

    /// <summary>Whether two addresses are those of one repository.</summary>
    public static bool AreSame(string one, string other) => Key(one) == Key(other);

    private static string Key(string url) => url.EndsWith(".git", StringComparison.Ordinal) ? url[..^4] : url.TrimEnd('/');
}

/// <summary>A hosted repository.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Folder">The git repository that stands for it.</param>
public sealed record Repository(string Url, string Folder);
