using System.Globalization;
using System.Text;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Notifications;

/// <summary>A notification in words: what is read first stands first, and what is copied stands alone on its line.</summary>
internal sealed class NotificationText(Notification notification, Settings settings)
{
    /// <summary>
    /// The most characters of a subject of SNS, which is ASCII without line breaks
    /// (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
    /// </summary>
    private const int MostOfTitle = 99;

    private const string Indent = "  ";

    /// <summary>In a line, good as the subject of an e-mail.</summary>
    public string Title
    {
        get
        {
            var words = $"{notification.Service} to {notification.Target}: {Words}";
            var title = notification.Error is { } error && notification.Kind != NotificationKind.Superseded ? $"{words}: {error}" : words;
            var ascii = string.Concat(title.Select(character => character is >= ' ' and <= '~' ? character : '?'));
            return ascii.Length <= MostOfTitle ? ascii : $"{ascii[..(MostOfTitle - 3)]}...";
        }
    }

    /// <summary>The whole text.</summary>
    public string Body
    {
        get
        {
            var text = new StringBuilder();
            text.AppendLine(CultureInfo.InvariantCulture, $"{notification.Service} to {notification.Target}: {Words}");
            Cause(text);
            List(text, "What had happened", OutsideChange.Sentences(notification.Events));
            List(text, "Changed by others", notification.Changes);
            List(text, "Needs an approval", notification.Plan?.NeedsApproval ?? []);
            Next(text);
            List(text, "What runs now", [.. notification.Runs.Select(run => $"{run.Step}: {run.Resource} (deployment {run.Deployment})")]);
            Facts(text);
            return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();
        }
    }

    private string Words =>
        notification.Kind switch
        {
            NotificationKind.Started => "started",
            NotificationKind.WaitingForApproval => "waiting for approval",
            NotificationKind.Succeeded => "succeeded",
            NotificationKind.NothingToDo => "nothing to do",
            NotificationKind.Failed => notification.Verdict.Text(),
            NotificationKind.Superseded => "superseded by a newer one",
            NotificationKind.Drifted => "drifted, changed by hand",
            NotificationKind.StackChanged => "a stack was changed by somebody else",
            NotificationKind.InstanceRemoved => "expired and removed",
            _ => notification.Verdict.Text(),
        };

    private void Cause(StringBuilder text)
    {
        if (notification.Error is null && notification.Cause is null)
        {
            return;
        }

        text.AppendLine().AppendLine("Cause");
        if (notification.Error is { } error)
        {
            text.Append(Indent).AppendLine(error);
        }

        foreach (var line in (notification.Cause ?? string.Empty).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(Indent).AppendLine(line.TrimEnd());
        }
    }

    private static void List(StringBuilder text, string heading, IReadOnlyList<string> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine(heading);
        foreach (var entry in entries)
        {
            text.Append(Indent).AppendLine(entry);
        }
    }

    private void Next(StringBuilder text)
    {
        if (notification.Next is not { } next)
        {
            return;
        }

        text.AppendLine().AppendLine("Next").Append(Indent).AppendLine(next.Reason);
        if (next.Command is { } command)
        {
            text.AppendLine().Append(Indent).AppendLine(command);
        }
    }

    private void Facts(StringBuilder text)
    {
        text.AppendLine();
        Fact(text, "By", notification.By);
        Fact(text, "Pipeline", notification.Pipeline?.Name);
        Fact(text, "Revision", notification.Revision);
        Fact(text, "Account", notification.Account is null ? null : $"{notification.Account}, {notification.Region}");
        Fact(text, "Stage", settings.Stage);
        Fact(text, "Deployment", notification.Execution?.Deployment.Value);
        Fact(text, "Number", notification.Number is > 0 and { } number ? number.ToString(CultureInfo.InvariantCulture) : null);
        Fact(text, "Plan", notification.Plan?.Id);
        Fact(text, "Digest", notification.Plan?.Digest);
        Fact(text, "Approved by", notification.Plan?.ApprovedBy);
        Fact(text, "Execution", notification.Execution?.ConsoleLink);
        Fact(text, "Pipeline's execution", notification.Pipeline?.Link(settings.Region));
    }

    private static void Fact(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{name}: {CauseText.Shorten(value, Notification.MostOfEntry * 2)}");
        }
    }
}
