using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Wire;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// What runs the functions: their native executable when there is one that is not older than the other, else their framework-dependent
/// one, or this process.
/// </summary>
internal static class FunctionHosts
{
    /// <summary>
    /// Names the executable to run, whatever its age; else the place where <c>build/native.sh</c> puts the native one is looked at.
    /// </summary>
    private const string NativeVariable = "DEPLOYER_FUNCTIONS";
    private const string Executable = "deployer-functions";

    public static async Task<ILambdaHost> Choose(bool inProcess, Uri address, IWireEndpoint gateway)
    {
        if (inProcess)
        {
            return new InProcessHost(InProcess.Run, gateway);
        }

        return await ExecutableHost.Start(Environment.GetEnvironmentVariable(NativeVariable) ?? Newest(), address);
    }

    /// <summary>A native executable from before the last build would rehearse yesterday's functions.</summary>
    private static string Newest()
    {
        var native = Path.Combine(AppContext.BaseDirectory, "../../../native", Executable);
        var managed = Path.Combine(AppContext.BaseDirectory, "functions", Executable);
        return File.GetLastWriteTimeUtc(native) >= File.GetLastWriteTimeUtc(managed + ".dll") ? native : managed;
    }
}
