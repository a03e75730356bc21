using Spectre.Console;

namespace Deployer.Cli.Rehearsals;

/// <summary>Tells a result to a person on the terminal, and as a JSON document where one is asked for.</summary>
internal static class ReportWriter
{
    /// <summary>Writes the document, then the summary; with the document on standard output nothing else goes there.</summary>
    public static async Task Write(RehearsalReport report, string? json)
    {
        if (await JsonDocuments.Write(report, json))
        {
            return;
        }

        if (report.Verdict == "invalid")
        {
            await Console.Error.WriteLineAsync(report.Cause);
            return;
        }

        Show(report, Output());
    }

    /// <summary>No colours in a file or a pipe.</summary>
    private static IAnsiConsole Output() =>
        Console.IsOutputRedirected ? AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No }) : AnsiConsole.Console;

    private static void Show(RehearsalReport report, IAnsiConsole console)
    {
        // Lines are not folded: an ARN that is copied from them is whole.
        var lines = console.Profile.Out.Writer;
        lines.WriteLine();
        console.MarkupLineInterpolated($"[bold]{report.Service}[/] to [bold]{report.Target}[/]: {report.Verdict}");
        if (report.Error is not null)
        {
            console.MarkupLineInterpolated($"[red]{report.Error}[/]: {report.Cause}");
        }

        if (report.Steps.Count > 0)
        {
            var table = new Table().Border(TableBorder.None).AddColumns("step", "kind", "action", "time");
            table.Columns[3].RightAligned();
            foreach (var step in report.Steps)
            {
                table.AddRow(new Text(step.Name), new Text(step.Kind), new Text(step.Action), new Text(Duration(step.VirtualSeconds)));
            }

            console.Write(table);
        }

        foreach (var stack in report.Stacks)
        {
            lines.WriteLine($"stack {stack.Name}: {stack.Status}");
        }

        foreach (var ions in report.Ions)
        {
            lines.WriteLine($"ions on {ions.Group}: deploy {ions.DeployStatus}, code deploy {ions.CodeDeployStatus}");
            foreach (var instance in ions.Instances)
            {
                lines.WriteLine($"  {instance.Id} runs {instance.Revision}");
            }
        }

        foreach (var endpoint in report.Endpoints)
        {
            lines.WriteLine($"{endpoint.Function}: {string.Join(", ", endpoint.Variables)} {endpoint.Action} ({endpoint.Dns})");
        }

        foreach (var simulated in report.SimulatedBySchema ?? [])
        {
            lines.WriteLine($"{simulated.Stack}: {simulated}");
        }

        foreach (var notice in report.Notices)
        {
            lines.WriteLine(notice);
        }

        if (report.Pipeline is { } pipeline)
        {
            lines.WriteLine($"pipeline job {pipeline.Job}: {pipeline.Summary}");
        }

        lines.WriteLine(
            $"{Duration(report.Clock.VirtualSeconds)} of played time in {report.Clock.WallSeconds:0.0} s; {report.Transitions} transitions, "
                + $"{report.LambdaInvocations} invocations ({report.Host}); locks held {report.LocksHeld}, waits open {report.WaitsOpen}"
        );
        if (report.Deployment is not null)
        {
            lines.WriteLine($"execution {report.Deployment}");
        }
    }

    private static string Duration(double seconds) => TimeSpan.FromSeconds(seconds).ToString(seconds >= 3600 ? @"h\:mm\:ss" : @"m\:ss");
}
