using Deployer.Cli.Doctor;
using Deployer.Cli.Output;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Tests.Doctor;

/// <summary>The document of <c>deployer doctor</c>, which programs read.</summary>
public sealed class DoctorDocumentTests
{
    [Fact]
    public async Task It_has_every_check_with_what_was_found_and_how_many_are_wrong()
    {
        using var written = new StringWriter();
        var report = new DoctorReport(
            "inventory",
            "dev",
            "111111111111",
            "us-east-1",
            "dev",
            [
                CheckResult.Ok("quotas", "enough builds at once"),
                CheckResult.Notice("event-bus", "no event has arrived yet", "wait for one"),
                CheckResult.Problem("code-bucket", "there is none", "make one"),
            ]
        );

        await new ResultOutput(new Screen(written, 100), OutputFile.StandardOutput).Write(report, new DoctorView());

        written
            .ToString()
            .ReplaceLineEndings("\n")
            .Trim()
            .ShouldBe(
                """
                {
                  "service": "inventory",
                  "target": "dev",
                  "account": "111111111111",
                  "region": "us-east-1",
                  "stage": "dev",
                  "checks": [
                    {
                      "check": "quotas",
                      "status": "ok",
                      "text": "enough builds at once",
                      "remedy": null
                    },
                    {
                      "check": "event-bus",
                      "status": "notice",
                      "text": "no event has arrived yet",
                      "remedy": "wait for one"
                    },
                    {
                      "check": "code-bucket",
                      "status": "problem",
                      "text": "there is none",
                      "remedy": "make one"
                    }
                  ],
                  "problems": 1,
                  "notices": 1
                }
                """
            );
    }

    /// <summary>Beside a long name nothing but single words would stand in a narrow window, and commands would be cut.</summary>
    [Theory]
    [InlineData(
        60,
        "✗ problem permissions of deployer-dev-ions\n" + "    the role lacks s3:GetObject\n" + "    → deployer bootstrap service .\n"
    )]
    [InlineData(
        100,
        "✗ problem permissions of deployer-dev-ions  the role lacks s3:GetObject\n"
            + "                                            → deployer bootstrap service .\n"
    )]
    public void In_a_narrow_window_the_text_stands_below_the_name(int width, string shown)
    {
        using var written = new StringWriter();
        var problem = CheckResult.Problem(
            "permissions of deployer-dev-ions",
            "the role lacks s3:GetObject",
            "deployer bootstrap service ."
        );
        new DoctorView().Show(
            new DoctorReport("inventory", "dev", "111111111111", "us-east-1", "dev", [problem]),
            new Screen(written, width)
        );

        written.ToString().ReplaceLineEndings("\n").ShouldContain(shown);
    }

    [Fact]
    public void A_command_stands_whole_on_a_line_of_its_own_between_the_words_about_it()
    {
        const string Connection = "arn:aws:codeconnections:us-east-1:222222222222:connection/aEXAMPLE-8aad-4d5d-8878-dfcab0bc441f";
        using var written = new StringWriter();
        var problem = CheckResult.Problem(
            "connection",
            "it may not be used",
            $"name it: deployer bootstrap tools --stage dev --parameter Connections={Connection}, with the others if there are any; the "
                + "stack that grants it is missing, older, or was changed by hand: aws events list-rules --event-bus-name b"
        );

        new DoctorView().Show(
            new DoctorReport("inventory", "dev", "111111111111", "us-east-1", "dev", [problem]),
            new Screen(written, width: 60)
        );

        written
            .ToString()
            .ReplaceLineEndings("\n")
            .ShouldContain(
                $"""
                                      → name it:
                                        deployer bootstrap tools --stage dev --parameter Connections={Connection}
                                        with the others if there are any;
                                        the stack that grants it is missing,
                                        older, or was changed by hand:
                                        aws events list-rules --event-bus-name b

                """
            );
    }
}
