using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>The batches that <c>ItemBatcher</c> makes of a Map Run's items.</summary>
internal static class MapBatches
{
    /// <summary>The items, or batches of them. Refuses the fields that are not played.</summary>
    public static JsonArray Of(JsonArray items, JsonObject? batcher)
    {
        if (batcher is null)
        {
            return items;
        }

        if (batcher.FirstOrDefault(f => f.Key is not ("MaxItemsPerBatch" or "BatchInput")) is { Key: { } unknown })
        {
            throw new NotSupportedException($"The field {unknown} of ItemBatcher is not played by the rehearsal.");
        }

        if (!StateData.TryNumber(batcher["MaxItemsPerBatch"], out var size) || size < 1)
        {
            throw new NotSupportedException("ItemBatcher without a number MaxItemsPerBatch is not played by the rehearsal.");
        }

        return new([.. items.Chunk((int)size).Select(part =>
        {
            var batch = new JsonObject { ["Items"] = new JsonArray([.. part.Select(i => i?.DeepClone())]) };
            if (batcher.ContainsKey("BatchInput"))
            {
                batch["BatchInput"] = batcher["BatchInput"]?.DeepClone();
            }

            return batch;
        })]);
    }
}
