using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Output;

/// <summary>What is printed as the program's name is what a shell starts this program with.</summary>
public sealed class ProgramNameTests : IDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-name-").FullName;
    private readonly string _own;

    public ProgramNameTests() => _own = Program("installed", Readable | UnixFileMode.UserExecute);

    private string Installed => Folder("installed");

    [Fact]
    public void A_program_that_no_directory_of_the_path_has_is_named_by_its_place_below_the_current_directory() =>
        ProgramName.Find(_own, Folder("empty"), _folder).ShouldBe("installed/deployer");

    [Fact]
    public void A_program_in_the_current_directory_is_named_with_the_directory_since_a_bare_name_is_not_looked_for_there() =>
        ProgramName.Find(_own, Folder("empty"), Installed).ShouldBe("./deployer");

    [Fact]
    public void A_program_outside_of_the_current_directory_is_named_by_its_whole_path() =>
        ProgramName.Find(_own, Folder("empty"), Folder("elsewhere")).ShouldBe(_own);

    [Fact]
    public void A_program_in_a_directory_of_the_path_is_named_alone() =>
        ProgramName.Find(_own, $"{Folder("empty")}:{Installed}", _folder).ShouldBe("deployer");

    [Fact]
    public void A_link_in_a_directory_of_the_path_is_the_program_that_it_leads_to()
    {
        File.CreateSymbolicLink(Path.Combine(Folder("linked"), "again"), Path.Combine("..", "installed", "deployer"));
        File.CreateSymbolicLink(Path.Combine(Folder("linked"), "deployer"), "again");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "bin"), "linked");

        ProgramName.Find(_own, Path.Combine(_folder, "bin"), _folder).ShouldBe("deployer");
    }

    [Fact]
    public void Another_program_of_the_name_in_the_path_is_not_this_one()
    {
        Program("other", Readable | UnixFileMode.UserExecute);

        ProgramName.Find(_own, $"{Folder("other")}:{Installed}", _folder).ShouldBe("installed/deployer");
    }

    [Fact]
    public void A_file_of_the_name_that_cannot_be_executed_is_passed_over_as_a_shell_does()
    {
        Program("notes", Readable);

        ProgramName.Find(_own, Folder("notes"), _folder).ShouldBe("installed/deployer");
        ProgramName.Find(_own, $"{Folder("notes")}:{Installed}", _folder).ShouldBe("deployer");
    }

    [Fact]
    public void A_link_that_leads_nowhere_and_a_directory_of_the_name_are_passed_over()
    {
        File.CreateSymbolicLink(Path.Combine(Folder("lost"), "deployer"), "nosuch");
        File.CreateSymbolicLink(Path.Combine(Folder("circular"), "deployer"), "deployer");
        Directory.CreateDirectory(Path.Combine(Folder("nested"), "deployer"));

        ProgramName.Find(_own, $"{Folder("lost")}:{Folder("circular")}:{Folder("nested")}", _folder).ShouldBe("installed/deployer");
    }

    [Fact]
    public void An_empty_entry_of_the_path_is_the_current_directory() =>
        ProgramName.Find(_own, $"{Folder("empty")}:", Installed).ShouldBe("deployer");

    [Fact]
    public void A_program_without_an_executable_of_its_own_has_its_name_alone() =>
        ProgramName.Find(Path.Combine(Folder("empty"), "deployer"), string.Empty, _folder).ShouldBe("deployer");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private string Program(string folder, UnixFileMode mode)
    {
        var file = Path.Combine(Folder(folder), "deployer");
        File.WriteAllText(file, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }

        return file;
    }
}
