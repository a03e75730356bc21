using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>A Parallel or Map that runs.</summary>
public sealed class FanOut
{
    /// <summary>A Map's items (batches, where it makes them); null for a Parallel.</summary>
    public JsonArray? Items { get; init; }

    /// <summary>The input of the branches, the <c>$</c> of a Map's ItemSelector.</summary>
    public JsonNode? Input { get; init; }

    /// <summary>The results so far, in the order of the branches.</summary>
    public required List<JsonNode?> Results { get; init; }

    /// <summary>The next iteration to start.</summary>
    public int Next { get; set; }

    /// <summary>How many ended, with success or tolerated failure.</summary>
    public int Ended { get; set; }

    /// <summary>How many failed and were tolerated.</summary>
    public int Failed { get; set; }

    /// <summary>How many may run at the same time.</summary>
    public int Concurrency { get; init; } = int.MaxValue;

    /// <summary>How many may fail.</summary>
    public int Tolerated { get; init; }

    /// <summary>The ARN of the Map Run.</summary>
    public string? MapRunArn { get; init; }

    /// <summary>Whether all its branches run again on a redrive, because their joint result was too large.</summary>
    public bool RunsWhole { get; set; }
}
