using System.Text;
using System.Text.Json;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Deployer.Protocols;
using InvocationType = Amazon.Lambda.InvocationType;

namespace Deployer.Sdk.Tests.Protocols.Wire;

public sealed class RestJsonProtocolTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:111111111111:function:f";
    private static readonly ServiceModel Service = LambdaModel.Service;
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void An_invocation_puts_its_members_into_path_query_headers_and_body()
    {
        var request = new InvokeRequest
        {
            FunctionName = Arn,
            InvocationType = InvocationType.Event,
            Qualifier = "live",
            Payload = """{"a":1}""",
        };

        var written = Service.WriteRequest(Service.FindOperation("Invoke")!, request);

        written.Method.ShouldBe("POST");
        written.Path.ShouldBe("/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3Af/invocations");
        written.QueryString.ShouldBe("Qualifier=live");
        written.Headers["X-Amz-Invocation-Type"].ShouldBe("Event");
        Encoding.UTF8.GetString(written.Body).ShouldBe("""{"a":1}""");
    }

    [Fact]
    public void A_list_in_the_query_repeats_its_name()
    {
        var written = Service.WriteRequest(
            Service.FindOperation("UntagResource")!,
            new UntagResourceRequest { Resource = Arn, TagKeys = ["a", "b c"] }
        );

        written.Method.ShouldBe("DELETE");
        written.QueryString.ShouldBe("tagKeys=a&tagKeys=b%20c");
        written.Body.ShouldBeEmpty();
    }

    [Fact]
    public void A_request_without_its_label_is_refused_before_it_is_sent() =>
        Should
            .Throw<AmazonClientException>(() => Service.WriteRequest(Service.FindOperation("GetFunction")!, new GetFunctionRequest()))
            .Message.ShouldContain("FunctionName");

    [Theory]
    [InlineData("GET", "/2015-03-31/functions/", "ListFunctions")]
    [InlineData("GET", "/2015-03-31/functions", "ListFunctions")]
    [InlineData("GET", "/2015-03-31/functions/f", "GetFunction")]
    [InlineData("GET", "/2015-03-31/functions/f/configuration", "GetFunctionConfiguration")]
    [InlineData("PUT", "/2015-03-31/functions/f/configuration", "UpdateFunctionConfiguration")]
    [InlineData("DELETE", "/2017-10-31/functions/f/concurrency", "DeleteFunctionConcurrency")]
    public void Method_and_path_name_the_operation(string method, string path, string operation) =>
        Service.ReadRequest(method, path, "", None, default).Operation.Name.ShouldBe(operation);

    [Fact]
    public void An_unknown_path_is_an_unknown_operation()
    {
        var failure = Should.Throw<ProtocolException>(() => Service.ReadRequest("GET", "/2015-03-31/layers", "", None, default));

        failure.ShouldSatisfyAllConditions(
            f => f.Code.ShouldBe("UnknownOperationException"),
            f => f.Status.ShouldBe(404),
            f => f.Message.ShouldContain("/2015-03-31/layers")
        );
    }

    [Fact]
    public void A_functions_failure_is_reported_by_a_header_and_the_status_by_the_status()
    {
        var response = new InvokeResponse
        {
            StatusCode = 202,
            FunctionError = "Unhandled",
            Payload = new MemoryStream([1, 2]),
        };

        var answer = Service.WriteResponse(Service.FindOperation("Invoke")!, response, "id");
        var read = new InvokeResponse();
        Service.ReadResponse(Service.FindOperation("Invoke")!, answer, read);

        answer.Status.ShouldBe(202);
        answer.Header("x-amz-function-error").ShouldBe("Unhandled");
        answer.Body.ShouldBe([1, 2]);
        read.ShouldSatisfyAllConditions(
            r => r.StatusCode.ShouldBe(202),
            r => r.FunctionError.ShouldBe("Unhandled"),
            r => r.Payload.ToArray().ShouldBe([1, 2])
        );
    }

    [Fact]
    public void The_status_of_success_is_the_operations_own() =>
        Service.WriteResponse(Service.FindOperation("CreateFunction")!, new CreateFunctionResponse(), "id").Status.ShouldBe(201);

    [Fact]
    public void An_error_names_its_type_in_a_header_and_writes_members_where_they_belong()
    {
        var exception = new TooManyRequestsException("slow")
        {
            RetryAfterSeconds = "3",
            Reason = ThrottleReason.ReservedFunctionConcurrentInvocationLimitExceeded,
        };

        var answer = Service.WriteError(exception, "id");

        answer.Status.ShouldBe(429);
        answer.Header("x-amzn-errortype").ShouldBe("TooManyRequestsException");
        answer.Header("Retry-After").ShouldBe("3");
        Encoding.UTF8.GetString(answer.Body).ShouldContain("\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\"");
    }

    [Fact]
    public void Documents_use_the_models_names_where_the_property_was_renamed()
    {
        using var document = JsonDocument.Parse("""{"FunctionName":"f","Payload":"{\"a\":1}"}""");

        var request = ServiceModel.RequestFromDocument(Service.FindOperation("Invoke")!, document.RootElement);

        request.ShouldBeOfType<InvokeRequest>().Payload.ShouldBe("""{"a":1}""");
    }

    [Fact]
    public void Payload_and_client_context_can_be_set_as_text()
    {
        var request = new InvokeRequest { ClientContext = "{}" };

        request.ClientContextBase64.ShouldBe("e30=");
        request.ClientContext.ShouldBe("{}");
        request.Payload.ShouldBeNull();
    }
}
