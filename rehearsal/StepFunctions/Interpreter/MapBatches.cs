using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>The batches that <c>ItemBatcher</c> makes of a Map Run's items.</summary>
internal static class MapBatches
{
    /// <summary>The items, or batches of them.</summary>
    public static JsonArray Split(JsonArray items, JsonObject? batcher)
    {
        if (batcher is null || !StateData.TryNumber(batcher["MaxItemsPerBatch"], out var size))
        {
            return items;
        }

        return new([
            .. items
                .Chunk((int)size)
                .Select(part =>
                {
                    var batch = new JsonObject { ["Items"] = new JsonArray([.. part.Select(i => i?.DeepClone())]) };
                    if (batcher.ContainsKey("BatchInput"))
                    {
                        batch["BatchInput"] = batcher["BatchInput"]?.DeepClone();
                    }

                    return batch;
                }),
        ]);
    }
}
