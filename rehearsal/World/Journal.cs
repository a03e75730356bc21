using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Deployer.Rehearsal.World;

/// <summary>One record's new value; no value means that it was removed.</summary>
internal sealed record JournalChange(string Table, string Key, JsonElement? Value);

/// <summary>The files of a kept state are not as a rehearsal has left them.</summary>
public sealed class DamagedStateException(string message) : Exception(message);

internal sealed record JournalEntry(long Sequence, IReadOnlyList<JournalChange> Changes);

/// <summary>
/// An append-only file of entries, each a line with its checksum, beside a snapshot that replaces it when the world is
/// closed. A torn last line is an entry that never happened; anything else that does not check is refused. After a snapshot the
/// journal's header says up to which entry the snapshot goes, and the snapshot's that there is a journal, so that the loss of either
/// shows; that of both shows by the lock file, which says that there was a journal. Both headers also hold a digest of all entries so far,
/// so that a part of another state does not pass for one of this.
/// </summary>
/// <remarks>
/// Entries are handed to the operating system one by one and forced to disk when the world is closed: a killed process
/// loses nothing, a power cut may lose the last entries but never half of one.
/// </remarks>
internal sealed class Journal : IDisposable
{
    // EAGAIN of flock(2) on Linux and macOS, a sharing violation on Windows.
    internal const int LinuxBusy = 11;
    internal const int MacBusy = 35;
    internal const int WindowsBusy = unchecked((int)0x80070020);

    private const int ChecksumLength = 8;

    private const string Header = "deployer-rehearsal 1";

    // The header of a journal goes on with the number of the snapshot's last entry; version 0.1.0 wrote none.
    private const string AfterSnapshot = Header + " after the snapshot of ";

    // The header of a snapshot beside which there is a journal with a whole header; version 0.1.0 could be killed before it wrote one.
    private const string SnapshotHeader = Header + " beside a journal";

    // What follows in both headers: the digest of all entries up to the snapshot's; earlier versions wrote none.
    private const string AtDigest = " at ";

    // What the lock file holds once there is a journal with a whole header: a folder that has lost both files is not a new one.
    private static readonly byte[] Used = "used\n"u8.ToArray();

    private readonly string _directory;
    private readonly FileStream _lock;
    private FileStream _file;
    private long _sequence;
    private string _digest;

    private Journal(string directory, FileStream @lock, FileStream file, long sequence, string digest)
    {
        _directory = directory;
        _lock = @lock;
        _file = file;
        _sequence = sequence;
        _digest = digest;
    }

    private static string SnapshotPath(string directory) => Path.Combine(directory, "snapshot");

    private static string JournalPath(string directory) => Path.Combine(directory, "journal");

    private static string LockPath(string directory) => Path.Combine(directory, "lock");

    // What somebody may have put into a folder that is to hold a state.
    private static readonly string[] OfGit = [".gitignore", ".gitkeep"];

    /// <summary>
    /// Refuses a folder with files of somebody else before anything is written there: a state has a lock file that was used, or a snapshot
    /// or journal that begins as one; before that there is nothing in it but an empty lock file and the beginning of a journal.
    /// </summary>
    private static void RefuseForeign(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        string[] own =
        [
            LockPath(directory),
            SnapshotPath(directory),
            JournalPath(directory),
            NewPath(SnapshotPath(directory)),
            NewPath(JournalPath(directory)),
        ];
        var present = own.Where(StateFile.Exists).ToHashSet(StringComparer.Ordinal);
        var isUsed = Beginning(LockPath(directory)) == Encoding.ASCII.GetString(Used);
        var hasHeader = new[] { SnapshotPath(directory), JournalPath(directory) }.Any(path => IsHeaderOf(Beginning(path)));
        if (isUsed || hasHeader)
        {
            return;
        }

        // A program that is killed in its first moment leaves no more than this.
        var begun = present.Where(path =>
            Beginning(path) is "" || (path == JournalPath(directory) && Header.StartsWith(Beginning(path)!, StringComparison.Ordinal))
        );
        var foreign = Directory
            .EnumerateFileSystemEntries(directory)
            .Except(begun, StringComparer.Ordinal)
            .Where(path => !OfGit.Contains(Path.GetFileName(path), StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        if (foreign is not null)
        {
            throw new InvalidDataException(
                $"{directory} holds {Path.GetFileName(foreign)}, which is of no rehearsal's state; "
                    + "expected an empty folder, a new one, or one in which a rehearsal has kept its accounts"
            );
        }

        static bool IsHeaderOf(string? text) => text?.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end && IsHeader(text[..end]);

        // Null for what is not there or is open in another rehearsal.
        string? Beginning(string path)
        {
            if (!present.Contains(path))
            {
                return null;
            }

            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var bytes = new byte[200];
                return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            }
            catch (IOException exception) when (exception.HResult is LinuxBusy or MacBusy or WindowsBusy)
            {
                return path == LockPath(directory) ? Encoding.ASCII.GetString(Used) : null;
            }
        }
    }

    internal static Journal Open(string directory, Action<string, string, JsonElement?> apply)
    {
        RefuseForeign(directory);
        Directory.CreateDirectory(directory);
        var lockPath = LockPath(directory);
        FileStream @lock;
        try
        {
            @lock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LinuxBusy or MacBusy or WindowsBusy)
        {
            throw new InvalidDataException(
                $"{directory}: another rehearsal, or 'deployer serve', is using this state; end it or wait for its end, or name another "
                    + "folder",
                exception
            );
        }

        try
        {
            var (sequence, snapshotLast, journalLast) = (0L, 0L, 0L);
            var digest = string.Empty;
            string? digestAtSnapshot = null;
            var isSnapshot = true;
            var (snapshot, journal) = (SnapshotPath(directory), JournalPath(directory));
            _ = StateFile.Exists(NewPath(snapshot));
            _ = StateFile.Exists(NewPath(journal));
            var hasSnapshot = StateFile.Exists(snapshot);
            var hasJournal = StateFile.Exists(journal);
            var snapshotHeader = hasSnapshot ? ReadSnapshot(snapshot, Apply) : null;
            (isSnapshot, snapshotLast) = (false, sequence);
            if (IsBesideJournal(snapshotHeader) && (!hasJournal || new FileInfo(journal).Length == 0))
            {
                throw new DamagedStateException(
                    $"{journal} is {(hasJournal ? "empty" : "missing")} beside the snapshot of this state, which is damaged"
                );
            }

            if (!hasSnapshot && !hasJournal && @lock.Length > 0)
            {
                throw new DamagedStateException(
                    $"{directory} was used by a rehearsal, and its journal and snapshot are missing; this state is damaged"
                );
            }

            var (end, journalHeader) = hasJournal ? Read(journal, tornTailAllowed: true, CheckHeader, Apply) : (0, null);
            if (end == 0 && IsBesideJournal(snapshotHeader))
            {
                throw new DamagedStateException($"{journal}: line 1 is not the header of a rehearsal's journal");
            }

            if (end == 0 && !hasSnapshot && @lock.Length > 0)
            {
                throw new DamagedStateException($"{journal} is empty, and this state was used by a rehearsal; it is damaged");
            }

            CheckTogether();
            var file = new FileStream(journal, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            file.SetLength(end);
            file.Seek(end, SeekOrigin.Begin);
            if (journalHeader is null)
            {
                WriteHeader(file, Header);
                file.Flush();
            }

            if (@lock.Length == 0)
            {
                @lock.Write(Used);
                @lock.Flush();
            }

            return new Journal(directory, @lock, file, sequence, digest);

            // A snapshot that is newer than the one after which the journal goes on stands for entries of this journal: the program was
            // killed between the two moves that replace both.
            void CheckTogether()
            {
                var known = DigestOf(snapshotHeader);
                if (IsBesideJournal(snapshotHeader) && (journalLast < snapshotLast || known is not null && known != digestAtSnapshot))
                {
                    throw new DamagedStateException(
                        $"{snapshot} is of another state than {journal}, or of another time; this state is damaged"
                    );
                }
            }

            void CheckHeader(string header)
            {
                (journalLast, digest) = (SnapshotOf(header) ?? 0, DigestOf(header) ?? string.Empty);
                digestAtSnapshot = journalLast == snapshotLast ? digest : null;
                if (SnapshotOf(header) is { } last && (!hasSnapshot || sequence < last))
                {
                    throw new DamagedStateException(
                        $"{journal} goes on after a snapshot of {last} entries, and {snapshot} "
                            + $"{(hasSnapshot ? $"has {sequence}" : "is missing")}; this state is damaged"
                    );
                }
            }

            void Apply(JournalEntry entry, string checksum)
            {
                if (!isSnapshot)
                {
                    (journalLast, digest) = (entry.Sequence, NextDigest(digest, checksum));
                    digestAtSnapshot = entry.Sequence == snapshotLast ? digest : digestAtSnapshot;
                }

                if (entry.Sequence <= sequence)
                {
                    return;
                }

                // A snapshot stands for all entries up to its own; after that each has the number after the one before.
                if (!isSnapshot && entry.Sequence != sequence + 1)
                {
                    throw new DamagedStateException(
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
            var line = Line(new JournalEntry(++_sequence, changes));
            _file.Write(line);
            _file.Flush();
            _digest = NextDigest(_digest, Encoding.ASCII.GetString(line.AsSpan(0, ChecksumLength)));
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw TooLarge(JournalPath(_directory), exception);
        }
    }

    /// <summary>EFBIG, a limit of the file's size, is an <see cref="ArgumentOutOfRangeException"/> in .NET.</summary>
    private static IOException TooLarge(string path, ArgumentOutOfRangeException exception) =>
        new($"{path} cannot grow: a limit of the size of files is reached", exception);

    /// <summary>Replaces snapshot and journal by one snapshot; a crash in between leaves the older pair, which says the same.</summary>
    internal void Compact(IEnumerable<JournalChange> all)
    {
        var (snapshot, journal) = (SnapshotPath(_directory), JournalPath(_directory));
        try
        {
            _file.Flush(flushToDisk: true);
            // No buffer: what could not be written would be tried once more when the file is closed.
            using var file = new FileStream(NewPath(snapshot), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            WriteHeader(file, SnapshotHeader + AtDigest + _digest);
            file.Write(Line(new JournalEntry(_sequence, [.. all])));
            file.Flush(flushToDisk: true);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw TooLarge(_directory, exception);
        }

        using (var file = new FileStream(NewPath(journal), FileMode.Create, FileAccess.Write))
        {
            WriteHeader(file, string.Create(CultureInfo.InvariantCulture, $"{AfterSnapshot}{_sequence}{AtDigest}{_digest}"));
            file.Flush(flushToDisk: true);
        }

        File.Move(NewPath(snapshot), snapshot, overwrite: true);
        _file.Dispose();
        File.Move(NewPath(journal), journal, overwrite: true);
        _file = new FileStream(journal, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // What it still holds is an entry that could not be appended, which was said then.
        }

        _lock.Dispose();
    }

    private static string NewPath(string path) => path + ".new";

    private static void WriteHeader(FileStream file, string header) => file.Write(Encoding.UTF8.GetBytes(header + "\n"));

    // The last entry of the snapshot after which a journal with this header goes on; null when it begins with the first entry.
    private static long? SnapshotOf(string header) =>
        header.StartsWith(AfterSnapshot, StringComparison.Ordinal)
        && long.TryParse(WithoutDigest(header).AsSpan(AfterSnapshot.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : null;

    private static string? DigestOf(string? header) =>
        header?.LastIndexOf(AtDigest, StringComparison.Ordinal) is >= 0 and var at ? header[(at + AtDigest.Length)..] : null;

    private static string WithoutDigest(string header) =>
        header.LastIndexOf(AtDigest, StringComparison.Ordinal) is >= 0 and var at ? header[..at] : header;

    private static bool IsBesideJournal(string? header) => header is not null && WithoutDigest(header) == SnapshotHeader;

    private static bool IsHeader(string text) => text == Header || IsBesideJournal(text) || SnapshotOf(text) is not null;

    private static string NextDigest(string digest, string checksum) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(digest + checksum)).AsSpan(0, 8));

    /// <summary>Reads a snapshot, which is written whole, and returns its header.</summary>
    private static string ReadSnapshot(string path, Action<JournalEntry, string> apply)
    {
        var entries = 0;
        var (_, header) = Read(
            path,
            tornTailAllowed: false,
            _ => { },
            (entry, checksum) =>
            {
                entries++;
                apply(entry, checksum);
            }
        );
        return entries == 1 ? header! : throw new DamagedStateException($"{path} is no snapshot of a rehearsal; this state is damaged");
    }

    private static byte[] Line(JournalEntry entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, Store.Json);
        var checksum = Encoding.ASCII.GetBytes(Checksum(json) + " ");
        return [.. checksum, .. json, (byte)'\n'];
    }

    private static string Checksum(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 4));

    /// <summary>Reads the entries of a file and returns where the last whole one ends, and the header if there is a whole one.</summary>
    private static (long End, string? Header) Read(
        string path,
        bool tornTailAllowed,
        Action<string> checkHeader,
        Action<JournalEntry, string> apply
    )
    {
        var bytes = File.ReadAllBytes(path);
        var position = 0;
        var line = 0;
        string? header = null;
        while (position < bytes.Length)
        {
            var length = bytes.AsSpan(position).IndexOf((byte)'\n');
            var whole = length >= 0;
            var text = bytes.AsSpan(position, whole ? length : bytes.Length - position);
            line++;
            if (line == 1 && whole && IsHeader(Encoding.UTF8.GetString(text)))
            {
                header = Encoding.UTF8.GetString(text);
                checkHeader(header);
            }
            else if (line == 1 || !TryApply(text, apply, whole))
            {
                if (tornTailAllowed && !whole)
                {
                    return (position, header);
                }

                throw new DamagedStateException($"{path}: line {line} is not an entry of a rehearsal's journal");
            }

            position += length + 1;
        }

        return (position, header);
    }

    private static bool TryApply(ReadOnlySpan<byte> text, Action<JournalEntry, string> apply, bool whole)
    {
        if (!whole || text.Length < 10 || Checksum(text[9..]) != Encoding.ASCII.GetString(text[..ChecksumLength]))
        {
            return false;
        }

        apply(JsonSerializer.Deserialize<JournalEntry>(text[9..], Store.Json)!, Encoding.ASCII.GetString(text[..ChecksumLength]));
        return true;
    }
}
