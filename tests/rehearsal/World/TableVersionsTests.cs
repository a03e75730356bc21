using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

public sealed class TableVersionsTests
{
    private DateTimeOffset _now = Epoch.Start;

    [Fact]
    public void A_read_as_of_a_moment_sees_what_stood_then()
    {
        using var store = new Store { Clock = () => _now };
        var table = store.VersionedTable<Note>("notes", note => note);
        At(10);
        table.Put("a", new Note("one"));
        At(20);
        table.Put("a", new Note("two"));
        At(30);
        table.Remove("a");
        At(35);

        AsOf(store, 9, () => table.Get("a")).ShouldBeNull();
        AsOf(store, 10, () => table.Get("a")).ShouldBe(new Note("one"));
        AsOf(store, 19, () => table.Get("a")).ShouldBe(new Note("one"));
        AsOf(store, 20, () => table.Get("a")).ShouldBe(new Note("two"));
        AsOf(store, 30, () => table.Get("a")).ShouldBeNull();
        table.Get("a").ShouldBeNull();
    }

    [Fact]
    public void A_list_as_of_a_moment_has_what_is_gone_and_lacks_what_is_new_in_the_order_of_keys()
    {
        using var store = new Store { Clock = () => _now };
        var table = store.VersionedTable<Note>("notes", note => note);
        table.Put("x/c", new Note("stays"));
        table.Put("x/a", new Note("goes"));
        table.Put("y", new Note("other"));
        At(10);
        table.Remove("x/a");
        table.Put("x/b", new Note("new"));
        At(11);

        AsOf(store, 9, () => table.WithPrefix("x/")).Select(pair => pair.Key).ShouldBe(["x/a", "x/c"]);
        table.WithPrefix("x/").Select(pair => pair.Key).ShouldBe(["x/b", "x/c"]);
    }

    [Fact]
    public void A_live_record_that_changes_in_place_does_not_change_its_versions()
    {
        using var store = new Store { Clock = () => _now };
        var table = store.VersionedTable<Box>("boxes", box => new Box { Text = box.Text });
        var live = new Box { Text = "before" };
        table.Put("a", live);
        At(10);
        live.Text = "after";
        table.Put("a", live);
        At(11);

        AsOf(store, 9, () => table.Get("a"))!.Text.ShouldBe("before");
        table.Get("a")!.Text.ShouldBe("after");
    }

    [Fact]
    public void A_record_from_a_stored_world_is_seen_as_of_a_moment_before_its_first_change()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-");
        try
        {
            using (var stored = new Store(folder.FullName))
            {
                stored.Table<Note>("notes").Put("a", new Note("stored"));
            }

            using var store = new Store(folder.FullName) { Clock = () => _now };
            var table = store.VersionedTable<Note>("notes", note => note);
            At(10);
            table.Put("a", new Note("changed"));
            At(11);

            AsOf(store, 9, () => table.Get("a")).ShouldBe(new Note("stored"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_table_that_keeps_no_versions_is_read_as_it_is()
    {
        using var store = new Store { Clock = () => _now };
        var table = store.Table<Note>("notes");
        table.Put("a", new Note("one"));
        At(10);
        table.Put("a", new Note("two"));

        AsOf(store, 5, () => table.Get("a")).ShouldBe(new Note("two"));
    }

    private void At(int seconds) => _now = Epoch.Start.AddSeconds(seconds);

    private static T AsOf<T>(Store store, int seconds, Func<T> read) => store.ReadAsOf(Epoch.Start.AddSeconds(seconds), read);

    private sealed record Note(string Text);

    private sealed class Box
    {
        public required string Text { get; set; }
    }
}
