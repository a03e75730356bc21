using System.Text.Json.Nodes;

namespace Deployer.Cli.Tests.Rehearsals;

/// <summary>Files of faults and schedules with names that a service does not have: all of it at once, each with its place.</summary>
public sealed class InputFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-inputs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Faults_of_a_file_that_strike_nothing_are_reported_together_each_with_its_line()
    {
        var file = await Write("faults.txt", "stack-rolls-back:Nope\n# more\nserver-error:cloudformation:Bar\nstack-rolls-back:Nopes\n");

        var lines = await Refused("--faults", file);

        lines[0].ShouldStartWith($"{file}:1: the fault stack-rolls-back strikes no resource 'Nope'");
        lines[1].ShouldStartWith($"{file}:3: no operation 'Bar' of the service 'cloudformation' is simulated");
        lines[2].ShouldStartWith($"{file}:4: the fault stack-rolls-back strikes no resource 'Nopes'");
    }

    [Fact]
    public async Task Faults_of_a_file_that_there_are_not_are_reported_with_those_that_strike_nothing()
    {
        var file = await Write(
            "faults.txt",
            "stack-rolls-back:Nope\nearthquake\nserver-error:cloudformation:Bar\nthrottled:lambda:Invoke:0\nthrottled:lambda\n"
                + "events-lost:x\n"
        );

        var lines = await Refused("--faults", file);

        lines.Length.ShouldBe(6);
        lines[0].ShouldStartWith($"{file}:1: the fault stack-rolls-back strikes no resource 'Nope'");
        lines[1].ShouldStartWith($"{file}:2: unknown fault 'earthquake'");
        lines[2].ShouldStartWith($"{file}:3: no operation 'Bar' of the service 'cloudformation' is simulated");
        lines[3]
            .ShouldStartWith(
                $"{file}:4: the fault 'throttled:lambda:Invoke:0' strikes request '0', which is neither a whole number from 1 nor 'all'; "
            );
        lines[4].ShouldStartWith($"{file}:5: the fault 'throttled:lambda' does not say what it strikes; expected ");
        lines[5].ShouldStartWith($"{file}:6: the fault events-lost strikes nothing that can be named");
    }

    [Fact]
    public async Task An_operation_of_a_schedule_that_is_not_simulated_is_reported_with_what_else_is_wrong()
    {
        var file = await Write(
            "schedule.yaml",
            """
            schedule:
              - { when: { request: 1, of: Resume, operation: "cloudformation:Bar" }, do: { delay: { by: 0s } } }
              - { when: { at: never }, do: stop }
              - { when: { request: 1, of: Resume, operation: "nosuch:Bar" }, do: stap }
            """
        );

        var lines = await Refused("--schedule", file);

        lines.Select(line => line[(file.Length + 1)..].Split(": ")[0]).ShouldBe(["2:50", "3:19", "4:50", "4:70"]);
        lines[0].ShouldContain("no operation 'Bar' of the service 'cloudformation' is simulated; known: ");
        lines[2].ShouldContain("no service 'nosuch' is simulated; known: ");
    }

    [Fact]
    public async Task A_request_of_a_file_that_is_not_simulated_has_its_line() =>
        (await Refused("--faults", await Write("faults.txt", "\nserver-error:cloudformation:Bar\nthrottled:nosuch:Bar\n")))
            .Take(2)
            .Select(line => line.Split(": ")[0])
            .ShouldBe([Path.Combine(_folder, "faults.txt:2"), Path.Combine(_folder, "faults.txt:3")]);

    [Fact]
    public async Task A_folder_that_a_schedule_deploys_is_named_with_the_line_and_with_what_else_is_wrong()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "next"));
        await Write(Path.Combine("next", "deployer.yaml"), "services: inventory\n");
        var file = await Write(
            "schedule.yaml",
            """
            schedule:
              - { when: { at: 1s }, do: { deploy: { service: next } } }
              - { when: { begins: DeployService }, do: stop }
              - { when: { ends: WatchTransactors }, do: stop }
            """
        );

        var lines = await Refused("--schedule", file);

        lines[0].ShouldStartWith($"{file}:2:5: in the folder next: deployer.yaml:1:1: ");
        lines.ShouldContain(line =>
            line.StartsWith($"{file}:3:23: no step of the service has the task 'DeployService'", StringComparison.Ordinal)
        );
        lines.ShouldContain(line =>
            line.StartsWith($"{file}:4:21: no step of the service has the task 'WatchTransactors'", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_schedule_that_is_a_folder_is_called_one() =>
        (await Refused("--schedule", _folder))[0].ShouldBe($"{_folder}: it is a folder; expected a file");

    private async Task<string> Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }

    private static async Task<string[]> Refused(string option, string file)
    {
        var run = await DeployerProcess.Run("rehearse", Repository.Example, "--target", "dev", "--in-process", "--json", "-", option, file);
        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        return JsonNode.Parse(run.Output)!["cause"]!.GetValue<string>().Split('\n');
    }
}
