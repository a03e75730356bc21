using Deployer.Functions.Steps;

namespace Deployer.Cli.Doctor;

/// <summary>What all checks of a service and its target came to: the document of <c>deployer doctor</c>.</summary>
/// <param name="Service">The service.</param>
/// <param name="Target">The target.</param>
/// <param name="Account">The target's account.</param>
/// <param name="Region">The target's region.</param>
/// <param name="Stage">The deployer's stage.</param>
/// <param name="Checks">The results, in the order in which they were found.</param>
internal sealed record DoctorReport(
    string Service,
    string Target,
    string Account,
    string Region,
    string Stage,
    IReadOnlyList<CheckResult> Checks
)
{
    /// <summary>How many would let a deployment fail.</summary>
    public int Problems => Count(CheckStatus.Problem);

    /// <summary>How many are worth knowing.</summary>
    public int Notices => Count(CheckStatus.Notice);

    private int Count(CheckStatus status) => Checks.Count(check => check.Status == status);
}
