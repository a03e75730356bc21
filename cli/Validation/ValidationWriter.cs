namespace Deployer.Cli.Validation;

/// <summary>Tells the faults to a person, one on each line as editors recognise them, and as a JSON document where one is asked for.</summary>
internal static class ValidationWriter
{
    /// <summary>Writes the document, then the lines; with the document on standard output nothing else goes there.</summary>
    public static async Task Write(ValidationReport report, string folder, string? json)
    {
        if (await JsonDocuments.Write(report, json))
        {
            return;
        }

        foreach (var fault in report.Faults)
        {
            Console.WriteLine(
                $"{Path.Combine(folder, fault.File)}:{fault.Line}:{fault.Column}: {fault.Problem}; expected {fault.Expected}"
            );
        }

        foreach (var notice in report.Notices)
        {
            Console.WriteLine($"{Path.Combine(folder, notice.File)}:{notice.Line}:{notice.Column}: notice: {notice.Text}");
        }

        Console.WriteLine(
            report.Faults.Count switch
            {
                0 => "no faults",
                1 => "1 fault",
                var count => $"{count} faults",
            }
        );
    }
}
