using Deployer.Cli.Deployments;
using Deployer.Cli.Output;

namespace Deployer.Cli.Bootstrap;

/// <summary>Why a stack failed, for people: the cause first, its facts on lines of their own.</summary>
internal static class StackFailureView
{
    private const int Indent = 2;

    /// <summary>Writes the cause.</summary>
    public static void Show(string cause, Screen screen)
    {
        screen.Heading("Cause");
        foreach (var clause in CauseClauses.Split(cause))
        {
            screen.Paragraph(clause, Indent, hanging: Indent);
        }
    }
}
