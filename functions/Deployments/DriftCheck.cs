using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;
using Deployer.Spec;

namespace Deployer.Functions.Deployments;

/// <summary>
/// Looks for drift before a deployment stands in line for the lock: it holds nothing meanwhile. What is found is reported, and refused
/// where the target says so and nobody has accepted it.
/// </summary>
public sealed class DriftCheck(IAws aws, LedgerTable ledger, Sources sources, DriftLooks looks, Notifier notifier)
{
    /// <summary>Looks, as far as the target asks for it.</summary>
    /// <exception cref="NotYetException">A detection runs.</exception>
    /// <exception cref="DriftedException">Something has drifted; nothing was changed.</exception>
    public async Task Run(DeploymentRecord deployment, int redriveCount)
    {
        if (deployment.Drift is not { } reaction || deployment.Purpose is not (DeploymentPurpose.Deploy or DeploymentPurpose.RollBack))
        {
            return;
        }

        using var source = await sources.Read(deployment);
        var target = source.Target(deployment);
        using var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment.Value));
        var found = new List<DriftNotice>();
        foreach (var look in await looks.LookAtAll(deployment, source, account, redriveCount))
        {
            found.AddRange(look.Notices.Where(notice => notice.HasDrifted));
        }

        if (found.Count == 0)
        {
            return;
        }

        var refused = reaction == DriftReaction.Refuse && !deployment.AcceptsDrift ? await NotApproved(deployment, found) : [];
        await notifier.Send(
            deployment.NotificationOf(NotificationKind.Drifted, NotificationVerdict.Drifted) with
            {
                Occurrence = redriveCount,
                Changes = [.. found.Select(notice => notice.Sentence)],
                Next = new NextAction(
                    refused.Count > 0
                        ? "Nothing was deployed. Put it back by hand and redrive, or accept it with 'deployer deploy --accept-drift':"
                        : "The deployment goes on; where it changes one of these, what the template says is written over it:",
                    $"deployer {(refused.Count > 0 ? "redrive" : "watch")} {deployment.Execution}"
                ),
            },
            deployment.Notifications
        );
        if (refused.Count > 0)
        {
            throw new DriftedException(
                $"{refused.Count} changes by hand may be written over, and nothing was deployed; put them back and redrive, "
                    + $"or deploy with --accept-drift\n{string.Join('\n', refused)}"
            );
        }
    }

    /// <summary>
    /// What the plan that is deployed did not show: whoever has approved it has seen the rest, and nobody has where it needed no approval.
    /// A hidden value looks like every other, and has to be the same.
    /// </summary>
    private async Task<IReadOnlyList<string>> NotApproved(DeploymentRecord deployment, List<DriftNotice> found)
    {
        var shown = new List<DriftNotice>();
        foreach (var look in deployment is { Plan: { } plan, ApprovedBy: not null } ? await ledger.Query(DriftLook.All(plan)) : [])
        {
            shown.AddRange(look.Notices);
        }

        var refused = new List<string>();
        foreach (var notice in found)
        {
            var same = shown.FindAll(known => known.Sentence == notice.Sentence);
            if (same.Count == 0)
            {
                refused.Add(notice.Sentence);
            }
            else if (!same.Exists(known => known.Mark is null || known.Mark == notice.Mark))
            {
                refused.Add($"{notice.Sentence} (not the value that it had when plan {deployment.Plan} was made)");
            }
        }

        return refused;
    }
}
