using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Deployer.Rehearsal.World;

/// <summary>One record's new value; no value means that it was removed.</summary>
internal sealed record JournalChange(string Table, string Key, JsonElement? Value);

internal sealed record JournalEntry(long Sequence, IReadOnlyList<JournalChange> Changes);

/// <summary>
/// An append-only file of entries, each a line with its checksum, beside a snapshot that replaces it when the world is
/// closed. A torn last line is an entry that never happened; anything else that does not check is refused.
/// </summary>
/// <remarks>
/// Entries are handed to the operating system one by one and forced to disk when the world is closed: a killed process
/// loses nothing, a power cut may lose the last entries but never half of one.
/// </remarks>
internal sealed class Journal : IDisposable
{
    // EAGAIN of flock(2) on Linux and macOS, a sharing violation on Windows.
    private const int LinuxBusy = 11;
    private const int MacBusy = 35;
    private const int WindowsBusy = unchecked((int)0x80070020);

    private const string Header = "deployer-rehearsal 1";
    private readonly string _directory;
    private readonly FileStream _lock;
    private FileStream _file;
    private long _sequence;

    private Journal(string directory, FileStream @lock, FileStream file, long sequence)
    {
        _directory = directory;
        _lock = @lock;
        _file = file;
        _sequence = sequence;
    }

    private static string SnapshotPath(string directory) => Path.Combine(directory, "snapshot");

    private static string JournalPath(string directory) => Path.Combine(directory, "journal");

    internal static Journal Open(string directory, Action<string, string, JsonElement?> apply)
    {
        Directory.CreateDirectory(directory);
        FileStream @lock;
        try
        {
            @lock = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LinuxBusy or MacBusy or WindowsBusy)
        {
            throw new InvalidDataException($"{directory}: another rehearsal is using this state", exception);
        }

        try
        {
            var sequence = 0L;
            var isSnapshot = true;
            if (File.Exists(SnapshotPath(directory)))
            {
                Read(SnapshotPath(directory), tornTailAllowed: false, entry => Apply(entry));
            }

            isSnapshot = false;

            var end = File.Exists(JournalPath(directory)) ? Read(JournalPath(directory), tornTailAllowed: true, entry => Apply(entry)) : 0;
            var file = new FileStream(JournalPath(directory), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            file.SetLength(end);
            file.Seek(end, SeekOrigin.Begin);
            if (end == 0)
            {
                WriteHeader(file);
            }

            return new Journal(directory, @lock, file, sequence);

            void Apply(JournalEntry entry)
            {
                if (entry.Sequence <= sequence)
                {
                    return;
                }

                // A snapshot stands for all entries up to its own; after that each has the number after the one before.
                if (!isSnapshot && entry.Sequence != sequence + 1)
                {
                    throw new InvalidDataException(
                        $"{JournalPath(directory)}: entries {sequence + 1} to {entry.Sequence - 1} are missing; this state is damaged"
                    );
                }

                sequence = entry.Sequence;
                foreach (var change in entry.Changes)
                {
                    apply(change.Table, change.Key, change.Value);
                }
            }
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    internal void Append(IReadOnlyList<JournalChange> changes)
    {
        try
        {
            _file.Write(Line(new JournalEntry(++_sequence, changes)));
            _file.Flush();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // EFBIG, a limit of the file's size, is this one in .NET.
            throw new IOException($"{JournalPath(_directory)} cannot grow: a limit of the size of files is reached", exception);
        }
    }

    /// <summary>Replaces snapshot and journal by one snapshot; a crash in between leaves the older pair, which says the same.</summary>
    internal void Compact(IEnumerable<JournalChange> all)
    {
        _file.Flush(flushToDisk: true);
        var temporary = SnapshotPath(_directory) + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            WriteHeader(file);
            file.Write(Line(new JournalEntry(_sequence, [.. all])));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, SnapshotPath(_directory), overwrite: true);
        _file.Dispose();
        _file = new FileStream(JournalPath(_directory), FileMode.Create, FileAccess.Write, FileShare.Read);
        WriteHeader(_file);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What it still holds is an entry that could not be appended, which was said then.
        }

        _lock.Dispose();
    }

    private static void WriteHeader(FileStream file) => file.Write(Encoding.UTF8.GetBytes(Header + "\n"));

    private static byte[] Line(JournalEntry entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, Store.Json);
        var checksum = Encoding.ASCII.GetBytes(Checksum(json) + " ");
        return [.. checksum, .. json, (byte)'\n'];
    }

    private static string Checksum(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 4));

    /// <summary>Reads the entries of a file and returns where the last whole one ends.</summary>
    private static long Read(string path, bool tornTailAllowed, Action<JournalEntry> apply)
    {
        var bytes = File.ReadAllBytes(path);
        var position = 0;
        var line = 0;
        while (position < bytes.Length)
        {
            var length = bytes.AsSpan(position).IndexOf((byte)'\n');
            var whole = length >= 0;
            var text = bytes.AsSpan(position, whole ? length : bytes.Length - position);
            line++;
            var good = line == 1 ? whole && text.SequenceEqual(Encoding.UTF8.GetBytes(Header)) : TryApply(text, apply, whole);
            if (!good)
            {
                if (tornTailAllowed && !whole)
                {
                    return position;
                }

                throw new InvalidDataException($"{path}: line {line} is not an entry of a rehearsal's journal");
            }

            position += length + 1;
        }

        return position;
    }

    private static bool TryApply(ReadOnlySpan<byte> text, Action<JournalEntry> apply, bool whole)
    {
        if (!whole || text.Length < 10 || Checksum(text[9..]) != Encoding.ASCII.GetString(text[..8]))
        {
            return false;
        }

        apply(JsonSerializer.Deserialize<JournalEntry>(text[9..], Store.Json)!);
        return true;
    }
}
