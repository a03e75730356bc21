using System.Collections;
using System.Reflection;

namespace Deployer.Rehearsal.Wire;

/// <summary>Refuses what a request asks for and a simulated service would otherwise pass over in silence.</summary>
internal static class SimulatedMembers
{
    /// <summary>Every member that is set must be among those that are simulated.</summary>
    /// <param name="shape">A request, or a structure in one; <see langword="null"/> asks for nothing.</param>
    /// <param name="simulated">The names of the members that the service acts on, or that change nothing that a rehearsal shows.</param>
    /// <exception cref="ApiException">ValidationException, naming the member.</exception>
    internal static void Only(object? shape, params ReadOnlySpan<string> simulated)
    {
        foreach (
            var member in shape?.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly) ?? []
        )
        {
            if (!simulated.Contains(member.Name) && member.GetValue(shape) is not (null or ICollection { Count: 0 }))
            {
                throw new ApiException(
                    "ValidationException",
                    $"The rehearsal does not simulate the member {member.Name} of {shape!.GetType().Name}."
                );
            }
        }
    }
}
