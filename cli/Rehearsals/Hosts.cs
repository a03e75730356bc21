using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Wire;

namespace Deployer.Cli.Rehearsals;

/// <summary>What runs the functions: their native executable when there is one, else their framework-dependent one, or this process.</summary>
internal static class Hosts
{
    /// <summary>Names the native executable; where it is not set, the place where <c>build/native.sh</c> puts it is looked at.</summary>
    private const string NativeVariable = "DEPLOYER_FUNCTIONS";
    private const string Executable = "deployer-functions";

    public static async Task<ILambdaHost> Choose(bool inProcess, Uri address, IWireEndpoint gateway)
    {
        if (inProcess)
        {
            return new InProcessHost(InProcess.Run, gateway);
        }

        var native = Environment.GetEnvironmentVariable(NativeVariable) ?? Path.Combine(AppContext.BaseDirectory, "../../../native", Executable);
        return await ExecutableHost.Start(File.Exists(native) ? native : Path.Combine(AppContext.BaseDirectory, "functions", Executable), address);
    }
}
