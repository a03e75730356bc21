using System.Text;
using Deployer.Cli.Output;

namespace Deployer.Cli.Init;

/// <summary>
/// The files that a command writes to a folder, which nothing is left of where they turn out to be wrong: the checks of a service look
/// at what is on the disk.
/// </summary>
/// <param name="folder">The folder; it need not be there.</param>
internal sealed class WrittenFiles(string folder)
{
    private readonly List<string> _paths = [];
    private readonly List<string> _made = [];
    private readonly Stack<string> _folders = new();

    /// <summary>The files, in the order in which they were written.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>Writes files: path in the folder, and text.</summary>
    /// <exception cref="InvalidInputException">There is a file that says something else.</exception>
    public async Task Write(IEnumerable<(string Path, string Text)> files, CancellationToken cancellation)
    {
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(folder, path);
            _paths.Add(file);
            if (File.Exists(file))
            {
                if (await File.ReadAllTextAsync(file, cancellation) != text)
                {
                    throw new InvalidInputException("FileExists", $"{file} already exists and says something else; move it away first");
                }

                continue;
            }

            Make(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await using var stream = new FileStream(file, FileMode.CreateNew);
            _made.Add(file);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        }
    }

    /// <summary>Removes the files and folders that were made.</summary>
    public void Remove()
    {
        _made.ForEach(File.Delete);
        foreach (var made in _folders)
        {
            Directory.Delete(made);
        }
    }

    private void Make(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            Make(parent);
        }

        Directory.CreateDirectory(path);
        _folders.Push(path);
    }
}
