namespace Deployer.Spec.Steps;

/// <summary>Finds steps that wait for each other.</summary>
internal static class StepCycles
{
    /// <summary>
    /// Cycles that share no step, each as its edges in order: the first step waits for the second, the last for the first.
    /// </summary>
    public static IEnumerable<IReadOnlyList<StepEdge>> Find(IReadOnlyList<StepSpec> steps)
    {
        var remaining = steps.Select(step => step.Name).ToList();
        var edges = StepEdges.Find(steps).ToLookup(edge => edge.Step);
        while (true)
        {
            // What waits for nothing that remains is on no cycle.
            while (remaining.RemoveAll(step => !edges[step].Any(edge => remaining.Contains(edge.Before))) > 0) { }
            if (remaining.Count == 0)
            {
                yield break;
            }
            var cycle = Follow(remaining, edges);
            yield return cycle;
            remaining.RemoveAll(step => cycle.Any(edge => edge.Step == step));
        }
    }

    // Every remaining step waits for a remaining one: following them must come back to a step seen before.
    private static List<StepEdge> Follow(List<string> remaining, ILookup<string, StepEdge> edges)
    {
        var path = new List<StepEdge>();
        var step = remaining[0];
        while (path.TrueForAll(edge => edge.Step != step))
        {
            var edge = edges[step].First(candidate => remaining.Contains(candidate.Before));
            path.Add(edge);
            step = edge.Before;
        }
        return path[path.FindIndex(edge => edge.Step == step)..];
    }
}
