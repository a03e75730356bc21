namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

/// <summary>The recorded cases in which the rehearsal differs from AWS, each with the reason. A case that starts to agree must leave the
/// list.</summary>
internal static class KnownDifferences
{
    private const string ItemReader = "ItemReader reads S3, which Maps of the rehearsal do not: it refuses such a Map by name";

    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["timeouts/test_timeouts.py::TestTimeouts::test_service_lambda_map_timeout::get_execution_history"] =
            "four timeouts of one moment: AWS records all four before the first of them fails the Map, here the first one fails it",
        ["scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_item_reader_csv_max_items_paths[1.5]::get_execution_history"] =
            ItemReader,
        ["scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_item_reader_csv_max_items_paths[-1]::get_execution_history"] =
            ItemReader,
        [
            "scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_item_reader_csv_headers_decl_duplicate_headers"
                + "::get_execution_history"
        ] = ItemReader,
        ["scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_item_reader_json_no_json_list_object::get_execution_history"] =
            ItemReader,
    };
}
