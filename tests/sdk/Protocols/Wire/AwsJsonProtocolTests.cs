using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Protocols;

namespace Deployer.Sdk.Tests.Protocols.Wire;

public sealed class AwsJsonProtocolTests
{
    private static readonly ServiceModel Service = StepFunctionsModel.Service;
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void The_operation_stands_in_the_target_header_and_members_under_their_wire_names()
    {
        var written = Service.WriteRequest(
            Service.FindOperation("StartExecution")!,
            new StartExecutionRequest { StateMachineArn = "arn", Name = "n" }
        );

        written.Headers["X-Amz-Target"].ShouldBe("AWSStepFunctions.StartExecution");
        written.Headers["Content-Type"].ShouldBe("application/x-amz-json-1.0");
        Text(written.Body).ShouldBe("""{"stateMachineArn":"arn","name":"n"}""");
    }

    [Fact]
    public void Timestamps_are_seconds_since_1970_with_milliseconds()
    {
        var started = new DateTime(2040, 1, 1, 0, 0, 0, 250, DateTimeKind.Utc);

        var answer = Service.WriteResponse(
            Service.FindOperation("StartExecution")!,
            new StartExecutionResponse { StartDate = started },
            "id"
        );

        Text(answer.Body).ShouldBe("""{"startDate":2208988800.25}""");
    }

    [Theory]
    [InlineData("1.4098424E9", 1409842400000)]
    [InlineData("1409842400", 1409842400000)]
    [InlineData("1409842400.123", 1409842400123)]
    public void Timestamps_are_read_with_exponents_and_fractions(string number, long milliseconds)
    {
        var response = new StartExecutionResponse();

        Service.ReadResponse(
            Service.FindOperation("StartExecution")!,
            new HttpAnswer(200, None, Bytes($$"""{"startDate":{{number}}}""")),
            response
        );

        response.StartDate.ShouldBe(DateTime.UnixEpoch.AddMilliseconds(milliseconds));
        response.StartDate!.Value.Kind.ShouldBe(DateTimeKind.Utc);
    }

    [Fact]
    public void Members_that_are_null_or_unknown_stay_unset_and_an_empty_list_is_empty()
    {
        var response = new ListExecutionsResponse();

        Service.ReadResponse(
            Service.FindOperation("ListExecutions")!,
            new HttpAnswer(200, None, Bytes("""{"executions":[],"nextToken":null,"new":1}""")),
            response
        );

        response.Executions.ShouldBeEmpty();
        response.NextToken.ShouldBeNull();
        new ListExecutionsResponse().Executions.ShouldBeNull();
    }

    [Fact]
    public void An_empty_body_is_a_request_and_a_response_without_members()
    {
        var headers = new Dictionary<string, string> { ["x-amz-target"] = "AWSStepFunctions.ListActivities" };

        var (operation, request) = Service.ReadRequest("POST", "/", "", headers, default);
        var response = new ListActivitiesResponse();
        Service.ReadResponse(operation, new HttpAnswer(200, None, []), response);

        request.ShouldBeOfType<ListActivitiesRequest>().NextToken.ShouldBeNull();
        response.Activities.ShouldBeNull();
    }

    [Theory]
    [InlineData("AWSStepFunctions.StartSyncExecution")]
    [InlineData("Other.StartExecution")]
    [InlineData(null)]
    public void An_unknown_operation_is_named_in_the_failure(string? target)
    {
        var headers = target is null ? None : new Dictionary<string, string> { ["X-Amz-Target"] = target };

        var failure = Should.Throw<ProtocolException>(() => Service.ReadRequest("POST", "/", "", headers, default));

        failure.Code.ShouldBe("UnknownOperationException");
        failure.Status.ShouldBe(400);
        failure.Message.ShouldContain(target ?? "''");
    }

    [Theory]
    [InlineData("""{"name":""")]
    [InlineData("""{"name":5}""")]
    [InlineData("[]")]
    public void What_does_not_fit_the_model_is_a_serialization_exception(string body)
    {
        var headers = new Dictionary<string, string> { ["X-Amz-Target"] = "AWSStepFunctions.StartExecution" };

        Should
            .Throw<ProtocolException>(() => Service.ReadRequest("POST", "/", "", headers, Bytes(body)))
            .Code.ShouldBe("SerializationException");
    }

    [Fact]
    public void An_error_carries_its_code_its_message_and_its_own_members()
    {
        var exception = new ValidationException("bad") { Reason = ValidationExceptionReason.API_DOES_NOT_SUPPORT_LABELED_ARNS };

        var answer = Service.WriteError(exception, "id");

        answer.Status.ShouldBe(400);
        Text(answer.Body).ShouldBe("""{"__type":"ValidationException","message":"bad","reason":"API_DOES_NOT_SUPPORT_LABELED_ARNS"}""");
        answer.RequestId.ShouldBe("id");
    }

    [Theory]
    [InlineData("""{"__type":"com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist","Message":"gone"}""", null)]
    [InlineData("""{"__type":"ExecutionDoesNotExist","message":"gone"}""", null)]
    [InlineData("""{"code":"ExecutionDoesNotExist","message":"gone"}""", null)]
    [InlineData("""{"message":"gone"}""", "ExecutionDoesNotExist:http://internal.amazon.com/coral/")]
    public void An_errors_code_is_found_wherever_services_put_it(string body, string? header)
    {
        var headers = header is null ? None : new Dictionary<string, string> { ["X-Amzn-ErrorType"] = header };

        var error = Service.ReadError(new HttpAnswer(400, headers, Bytes(body)));

        error.Code.ShouldBe("ExecutionDoesNotExist");
        error.Message.ShouldBe("gone");
        error.Type.ShouldBe(ErrorType.Unknown);
    }

    [Theory]
    [InlineData("<html>502</html>")]
    [InlineData("")]
    [InlineData("\"text\"")]
    public void A_body_that_is_no_error_document_leaves_the_code_open(string body) =>
        Service.ReadError(new HttpAnswer(502, None, Bytes(body))).Code.ShouldBeNull();

    [Fact]
    public void A_newer_protocol_version_has_its_own_content_type() =>
        SimpleSystemsManagementModel
            .Service.WriteError("ParameterNotFound", "m", 400, "id")
            .Headers["Content-Type"]
            .ShouldBe("application/x-amz-json-1.1");

    [Fact]
    public void A_document_in_pascal_case_becomes_a_request()
    {
        using var document = JsonDocument.Parse("""{"StateMachineArn":"arn","Input":"{}","unknown":1}""");

        var request = ServiceModel.RequestFromDocument(Service.FindOperation("StartExecution")!, document.RootElement);

        request.ShouldBeOfType<StartExecutionRequest>().StateMachineArn.ShouldBe("arn");
    }

    [Fact]
    public void A_response_becomes_a_document_in_pascal_case_with_iso_timestamps()
    {
        var response = new DescribeExecutionResponse
        {
            StartDate = DateTime.UnixEpoch.AddMilliseconds(5),
            Status = ExecutionStatus.RUNNING,
            RedriveCount = 0,
        };

        var document = ServiceModel.DocumentFromResponse(Service.FindOperation("DescribeExecution")!, response);

        Text(document).ShouldBe("""{"Status":"RUNNING","StartDate":"1970-01-01T00:00:00.005Z","RedriveCount":0}""");
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
