using System.Text;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

public sealed class StoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private sealed record Item(string Name, int Count);

    [Fact]
    public void Records_come_in_the_order_of_their_keys()
    {
        using var store = new Store();
        var table = store.Table<Item>("items");
        table.Put("a/2", new("two", 2));
        table.Put("b/1", new("other", 0));
        table.Put("a/1", new("one", 1));

        table.WithPrefix("a/").Select(item => item.Key).ShouldBe(["a/1", "a/2"]);
        table.FirstKey.ShouldBe("a/1");
    }

    [Fact]
    public void A_folder_that_is_in_use_says_what_to_do()
    {
        using var first = new Store(_directory);

        Should
            .Throw<InvalidDataException>(() => new Store(_directory))
            .Message.ShouldBe(
                $"{_directory}: another rehearsal, or 'deployer serve', is using this state; end it or wait for its end, or name another "
                    + "folder"
            );
    }

    [Fact]
    public void A_killed_store_keeps_every_committed_action()
    {
        var killed = new Store(_directory);
        killed.Table<Item>("items").Put("a", new("kept", 1));
        killed.Commit();
        killed.Table<Item>("items").Put("b", new("lost", 2));
        Kill();

        using var store = new Store(_directory);
        store.Table<Item>("items").Get("a").ShouldBe(new Item("kept", 1));
        store.Table<Item>("items").Get("b").ShouldBeNull();
    }

    [Fact]
    public void A_torn_last_entry_never_happened()
    {
        var killed = new Store(_directory);
        var items = killed.Table<Item>("items");
        items.Put("a", new("kept", 1));
        killed.Commit();
        items.Put("b", new("torn", 2));
        killed.Commit();
        Kill();
        var journal = Path.Combine(_directory, "journal");
        var bytes = File.ReadAllBytes(journal);
        File.WriteAllBytes(journal, bytes[..^7]);

        using var store = new Store(_directory);
        store.Table<Item>("items").WithPrefix("").Select(item => item.Key).ShouldBe(["a"]);
        store.Table<Item>("items").Put("c", new("after", 3));
        store.Commit();
    }

    [Fact]
    public void A_damaged_entry_in_the_middle_is_refused()
    {
        var killed = new Store(_directory);
        foreach (var key in new[] { "a", "b" })
        {
            killed.Table<Item>("items").Put(key, new(key, 1));
            killed.Commit();
        }

        Kill();
        var journal = Path.Combine(_directory, "journal");
        var text = File.ReadAllText(journal, Encoding.UTF8);
        File.WriteAllText(journal, text.Replace("\"name\":\"a\"", "\"name\":\"x\"", StringComparison.Ordinal));

        Should.Throw<DamagedStateException>(() => new Store(_directory)).Message.ShouldContain("line 2");
    }

    [Fact]
    public void A_gap_in_the_journal_is_noticed()
    {
        var killed = new Store(_directory);
        foreach (var key in new[] { "a", "b", "c" })
        {
            killed.Table<Item>("items").Put(key, new(key, 1));
            killed.Commit();
        }

        Kill();
        var journal = Path.Combine(_directory, "journal");
        var lines = File.ReadAllLines(journal, Encoding.UTF8);
        File.WriteAllText(journal, string.Join('\n', lines.Where((_, line) => line != 2)) + "\n");

        Should
            .Throw<DamagedStateException>(() => new Store(_directory))
            .Message.ShouldBe($"{journal}: entries 2 to 2 are missing; this state is damaged");
    }

    [Fact]
    public void A_journal_goes_on_from_the_snapshot_before_it()
    {
        using (var first = new Store(_directory))
        {
            first.Table<Item>("items").Put("a", new("a", 1));
            first.Commit();
        }

        var killed = new Store(_directory);
        killed.Table<Item>("items").Put("b", new("b", 1));
        killed.Commit();
        Kill();

        using var store = new Store(_directory);
        store.Table<Item>("items").WithPrefix("").Select(item => item.Key).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("snapshot")]
    [InlineData("snapshot.new")]
    [InlineData("journal.new")]
    [InlineData("lock")]
    public async Task A_pipe_in_the_place_of_a_file_is_refused_at_once(string file)
    {
        var pipe = Path.Combine(_directory, file);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var refused = await Should.ThrowAsync<InvalidDataException>(() =>
            Task.Run(() => new Store(_directory), TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)
        );

        refused.Message.ShouldBe($"{pipe} is a pipe or a socket; expected a file that a rehearsal wrote, or nothing");
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("snapshot")]
    [InlineData("snapshot.new")]
    [InlineData("journal.new")]
    [InlineData("lock")]
    public void A_folder_in_the_place_of_a_file_is_refused(string file)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, file)).FullName;

        Should
            .Throw<InvalidDataException>(() => new Store(_directory))
            .Message.ShouldBe($"{folder} is a folder; expected a file that a rehearsal wrote, or nothing");
    }

    [Fact]
    public void A_device_in_the_place_of_a_file_is_refused()
    {
        var link = Path.Combine(_directory, "journal");
        File.CreateSymbolicLink(link, "/dev/zero");

        Should
            .Throw<InvalidDataException>(() => new Store(_directory))
            .Message.ShouldBe($"{link} is a device; expected a file that a rehearsal wrote, or nothing");
    }

    [Fact]
    public void A_lost_snapshot_is_refused()
    {
        Keep("a");
        File.Delete(Snapshot);

        Refusal().ShouldBe($"{Journal} goes on after a snapshot of 1 entries, and {Snapshot} is missing; this state is damaged");
    }

    [Fact]
    public void An_emptied_snapshot_is_refused()
    {
        Keep("a");
        File.WriteAllText(Snapshot, "");

        Refusal().ShouldBe($"{Snapshot} is no snapshot of a rehearsal; this state is damaged");
    }

    [Fact]
    public void A_snapshot_that_was_cut_after_its_header_is_refused()
    {
        Keep("a");
        File.WriteAllText(Snapshot, File.ReadAllLines(Snapshot)[0] + "\n");

        Refusal().ShouldBe($"{Snapshot} is no snapshot of a rehearsal; this state is damaged");
    }

    [Fact]
    public void An_older_snapshot_is_refused()
    {
        Keep("a");
        var old = File.ReadAllBytes(Snapshot);
        Keep("b");
        File.WriteAllBytes(Snapshot, old);

        Refusal().ShouldBe($"{Journal} goes on after a snapshot of 2 entries, and {Snapshot} has 1; this state is damaged");
    }

    [Fact]
    public void A_lost_journal_beside_a_snapshot_is_refused()
    {
        Keep("a");
        File.Delete(Journal);

        Refusal().ShouldBe($"{Journal} is missing beside the snapshot of this state, which is damaged");
    }

    [Fact]
    public void A_folder_that_has_lost_journal_and_snapshot_is_no_new_state()
    {
        Keep("a");
        File.Delete(Journal);
        File.Delete(Snapshot);

        Refusal().ShouldBe($"{_directory} was used by a rehearsal, and its journal and snapshot are missing; this state is damaged");
    }

    [Theory]
    [InlineData("")]
    [InlineData("deployer-reh")]
    public void A_folder_that_has_lost_its_snapshot_and_what_stood_in_its_journal_is_no_new_state(string left)
    {
        Keep("a");
        File.WriteAllText(Journal, left);
        File.Delete(Snapshot);

        Refusal().ShouldBe($"{Journal} is empty, and this state was used by a rehearsal; it is damaged");
    }

    [Fact]
    public void A_folder_that_was_emptied_is_a_new_state()
    {
        Keep("a");
        foreach (var file in Directory.GetFiles(_directory))
        {
            File.Delete(file);
        }

        Keep("b");
        Keys().ShouldBe(["b"]);
    }

    /// <summary>A folder of somebody else is left as it was: no lock, journal or snapshot lies among its files.</summary>
    [Theory]
    [InlineData("template.yaml", "Resources: {}")]
    [InlineData("journal", "Dear diary,\n")]
    [InlineData("journal", "Dear diary,")]
    [InlineData("snapshot", "of the disk\n")]
    [InlineData("lock", "1234\n")]
    [InlineData("journal.new", "of somebody\n")]
    public void A_folder_of_somebody_else_is_refused_and_left_as_it_was(string name, string text)
    {
        File.WriteAllText(Path.Combine(_directory, name), text);

        Refusal()
            .ShouldBe(
                $"{_directory} holds {name}, which is of no rehearsal's state; "
                    + "expected an empty folder, a new one, or one in which a rehearsal has kept its accounts"
            );

        Directory.GetFileSystemEntries(_directory).ShouldBe([Path.Combine(_directory, name)]);
        File.ReadAllText(Path.Combine(_directory, name)).ShouldBe(text);
    }

    [Fact]
    public void A_folder_with_folders_of_somebody_else_is_refused_even_beside_an_empty_lock_file()
    {
        File.WriteAllText(Path.Combine(_directory, "lock"), "");
        Directory.CreateDirectory(Path.Combine(_directory, "src"));

        Refusal().ShouldStartWith($"{_directory} holds src, which is of no rehearsal's state; ");
    }

    [Theory]
    [InlineData("lock", "")]
    [InlineData("journal", "")]
    [InlineData("journal", "deployer-reh")]
    [InlineData(".gitignore", "*\n")]
    public void A_folder_in_which_a_state_has_only_begun_is_taken(string name, string text)
    {
        File.WriteAllText(Path.Combine(_directory, name), text);

        Keep("a");

        Keys().ShouldBe(["a"]);
    }

    [Fact]
    public void What_somebody_puts_beside_a_state_does_not_make_it_another()
    {
        Keep("a");
        File.WriteAllText(Path.Combine(_directory, "notes.txt"), "kept for Monday");

        Keys().ShouldBe(["a"]);
    }

    /// <summary>A world that is killed before it has written its journal's header leaves the lock file alone.</summary>
    [Fact]
    public void An_empty_lock_file_alone_is_a_new_state()
    {
        File.WriteAllText(Path.Combine(_directory, "lock"), "");

        Keep("a");
        Keys().ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("", "{0} is empty beside the snapshot of this state, which is damaged")]
    [InlineData("deployer-reh", "{0}: line 1 is not the header of a rehearsal's journal")]
    public void An_emptied_or_cut_journal_beside_a_snapshot_is_refused(string left, string message)
    {
        Keep("a");
        File.WriteAllText(Journal, left);

        Refusal().ShouldBe(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, Journal));
    }

    /// <summary>A crash between the two files of a compaction.</summary>
    [Fact]
    public void A_snapshot_beside_the_journal_that_it_was_made_of_can_be_opened()
    {
        Keep("a");
        byte[] old;
        using (var store = new Store(_directory))
        {
            store.Table<Item>("items").Put("b", new("kept", 1));
            store.Commit();
            old = File.ReadAllBytes(Journal);
        }

        File.WriteAllBytes(Journal, old);
        Keys().ShouldBe(["a", "b"]);

        // The journal goes on, is left so by a kill, and is replaced in the end.
        File.WriteAllBytes(Journal, old);
        var killed = new Store(_directory);
        killed.Table<Item>("items").Put("c", new("kept", 1));
        killed.Commit();
        Kill();
        Keys().ShouldBe(["a", "b", "c"]);
        Keys().ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void A_newer_snapshot_beside_an_older_journal_is_refused()
    {
        Keep("a");
        var old = File.ReadAllBytes(Journal);
        Keep("b");
        File.WriteAllBytes(Journal, old);

        Refusal().ShouldBe($"{Snapshot} is of another state than {Journal}, or of another time; this state is damaged");
    }

    /// <summary>Of as many entries, of more, and of those that the journal has under the same numbers.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_snapshot_of_another_state_is_refused(int entries)
    {
        var others = Directory.CreateTempSubdirectory("deployer-").FullName;
        try
        {
            using (var other = new Store(others))
            {
                for (var i = 0; i < entries; i++)
                {
                    other.Table<Item>("items").Put($"other{i}", new("kept", i));
                    other.Commit();
                }
            }

            Keep("a");
            var killed = new Store(_directory);
            killed.Table<Item>("items").Put("b", new("kept", 1));
            killed.Commit();
            Kill();
            File.Copy(Path.Combine(others, "snapshot"), Snapshot, overwrite: true);

            Refusal().ShouldBe($"{Snapshot} is of another state than {Journal}, or of another time; this state is damaged");
        }
        finally
        {
            Directory.Delete(others, recursive: true);
        }
    }

    /// <summary>Version 0.1.0 wrote one header for everything, and could be killed before it wrote a journal's.</summary>
    [Theory]
    [InlineData("deployer-rehearsal 1\n")]
    [InlineData("")]
    [InlineData(null)]
    public void A_state_of_the_version_before_can_be_opened(string? journal)
    {
        Keep("a");
        var lines = File.ReadAllLines(Snapshot);
        File.WriteAllText(Snapshot, $"deployer-rehearsal 1\n{lines[1]}\n");
        File.Delete(Journal);
        if (journal is not null)
        {
            File.WriteAllText(Journal, journal);
        }

        Keys().ShouldBe(["a"]);
        Keep("b");
        Keys().ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_held_survives_as_a_whole_or_not_at_all(bool isReleased)
    {
        var killed = new Store(_directory);
        var items = killed.Table<Item>("items");
        items.Put("before", new("before", 1));
        killed.Commit();
        killed.Hold();
        foreach (var key in new[] { "half", "other half" })
        {
            items.Put(key, new(key, 1));
            killed.Commit();
        }

        if (isReleased)
        {
            killed.Release();
        }

        Kill();

        using var store = new Store(_directory);
        store
            .Table<Item>("items")
            .WithPrefix("")
            .Select(item => item.Key)
            .ShouldBe(isReleased ? ["before", "half", "other half"] : ["before"]);
    }

    [Fact]
    public void What_is_held_when_the_world_is_closed_never_happened()
    {
        using (var closed = new Store(_directory))
        {
            closed.Hold();
            closed.Table<Item>("items").Put("half", new("half", 1));
            closed.Commit();
        }

        using var store = new Store(_directory);
        store.Table<Item>("items").WithPrefix("").ShouldBeEmpty();
    }

    [Fact]
    public void Removal_survives_closing_and_opening()
    {
        using (var store = new Store(_directory))
        {
            store.Table<Item>("items").Put("a", new("gone", 1));
            store.Table<Item>("items").Put("b", new("stays", 1));
            store.Commit();
            store.Table<Item>("items").Remove("a").ShouldBeTrue();
        }

        using (var store = new Store(_directory))
        {
            store.Table<Item>("items").WithPrefix("").Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Two_rehearsals_cannot_share_a_state()
    {
        using var store = new Store(_directory);

        Should.Throw<InvalidDataException>(() => new Store(_directory)).Message.ShouldContain("another rehearsal");
    }

    private string Snapshot => Path.Combine(_directory, "snapshot");

    private string Journal => Path.Combine(_directory, "journal");

    /// <summary>Writes one record more and closes the store.</summary>
    private void Keep(string key)
    {
        using var store = new Store(_directory);
        store.Table<Item>("items").Put(key, new(key, 1));
        store.Commit();
    }

    private List<string> Keys()
    {
        using var store = new Store(_directory);
        return [.. store.Table<Item>("items").WithPrefix("").Select(item => item.Key)];
    }

    private string Refusal() => Should.Throw<Exception>(() => new Store(_directory)).Message;

    /// <summary>Leaves the files as a killed process would: nothing more is written, only its lock is gone.</summary>
    private void Kill()
    {
        var copy = Directory.CreateTempSubdirectory("deployer-").FullName;
        foreach (var file in new[] { "journal", "snapshot" }.Where(file => File.Exists(Path.Combine(_directory, file))))
        {
            File.Copy(Path.Combine(_directory, file), Path.Combine(copy, file));
        }

        Directory.Delete(_directory, recursive: true);
        Directory.Move(copy, _directory);
    }
}
