using System.Text;
using Amazon.AutoScaling;
using Amazon.AutoScaling.Model;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Deployer.Protocols;
using Tag = Amazon.CloudFormation.Model.Tag;

namespace Deployer.Sdk.Tests.Protocols.Wire;

public sealed class QueryProtocolTests
{
    private static readonly ServiceModel Service = CloudFormationModel.Service;
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void Lists_and_structures_are_numbered_and_dotted()
    {
        var request = new CreateStackRequest
        {
            StackName = "a b",
            Capabilities = ["CAPABILITY_IAM"],
            Tags = [new Tag { Key = "k", Value = "v" }, new Tag { Key = "ä", Value = "" }],
            DisableRollback = true,
            TimeoutInMinutes = 5,
        };

        var written = Service.WriteRequest(Service.FindOperation("CreateStack")!, request);

        Encoding
            .UTF8.GetString(written.Body)
            .ShouldBe(
                "Action=CreateStack&Version=2010-05-15&StackName=a%20b&DisableRollback=true&TimeoutInMinutes=5"
                    + "&Capabilities.member.1=CAPABILITY_IAM&Tags.member.1.Key=k&Tags.member.1.Value=v"
                    + "&Tags.member.2.Key=%C3%A4&Tags.member.2.Value="
            );
        written.Headers["Content-Type"].ShouldStartWith("application/x-www-form-urlencoded");
    }

    [Fact]
    public void An_empty_list_is_told_apart_from_an_absent_one()
    {
        var written = Service.WriteRequest(
            Service.FindOperation("UpdateStack")!,
            new UpdateStackRequest { StackName = "s", NotificationARNs = [] }
        );

        var (_, read) = Service.ReadRequest("POST", "/", "", None, written.Body);

        read.ShouldBeOfType<UpdateStackRequest>().NotificationARNs.ShouldBeEmpty();
        ((UpdateStackRequest)read).Capabilities.ShouldBeNull();
    }

    [Fact]
    public void Plus_signs_gaps_and_the_query_string_are_read()
    {
        var (operation, read) = Service.ReadRequest(
            "GET",
            "/",
            "?Action=CreateStack&StackName=a+b%2B&Capabilities.member.7=B&Capabilities.member.2=A",
            None,
            default
        );

        operation.Name.ShouldBe("CreateStack");
        var request = read.ShouldBeOfType<CreateStackRequest>();
        request.StackName.ShouldBe("a b+");
        request.Capabilities.ShouldBe(["A", "B"]);
    }

    [Theory]
    [InlineData("\u0001")]
    [InlineData("\u001b[31m")]
    [InlineData("\ufffe")]
    [InlineData("\r\n\t")]
    public void Characters_that_XML_cannot_hold_are_read_as_they_were_written(string text)
    {
        var operation = Service.FindOperation("DescribeStacks")!;
        var response = new DescribeStacksResponse { Stacks = [new Stack { StackName = text }] };
        var read = new DescribeStacksResponse();

        Service.ReadResponse(operation, Service.WriteResponse(operation, response, "request-1"), read);

        read.Stacks[0].StackName.ShouldBe(text);
    }

    [Fact]
    public void The_answer_wraps_the_result_and_names_the_request()
    {
        var response = new DescribeStacksResponse
        {
            Stacks =
            [
                new Stack
                {
                    StackName = "s",
                    CreationTime = DateTime.UnixEpoch,
                    StackStatus = StackStatus.CREATE_COMPLETE,
                    Outputs = [],
                },
            ],
        };

        var answer = Service.WriteResponse(Service.FindOperation("DescribeStacks")!, response, "id");

        Encoding
            .UTF8.GetString(answer.Body)
            .ShouldBe(
                """<?xml version="1.0" encoding="utf-8"?>"""
                    + """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">"""
                    + "<DescribeStacksResult><Stacks><member><StackName>s</StackName><CreationTime>1970-01-01T00:00:00.000Z</CreationTime>"
                    + "<StackStatus>CREATE_COMPLETE</StackStatus><Outputs /></member></Stacks></DescribeStacksResult>"
                    + "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DescribeStacksResponse>"
            );
    }

    [Fact]
    public void An_operation_without_output_answers_without_a_result()
    {
        var answer = Service.WriteResponse(Service.FindOperation("DeleteStack")!, new DeleteStackResponse(), "id");

        Encoding.UTF8.GetString(answer.Body).ShouldNotContain("DeleteStackResult");
        Service.ReadResponse(Service.FindOperation("DeleteStack")!, answer, new DeleteStackResponse()).ShouldBe("id");
    }

    [Fact]
    public void An_error_says_whose_fault_it_is()
    {
        var answer = Service.WriteError("ValidationError", "No updates are to be performed.", 400, "id");

        Encoding
            .UTF8.GetString(answer.Body)
            .ShouldContain(
                "<Error><Type>Sender</Type><Code>ValidationError</Code><Message>No updates are to be performed.</Message></Error>"
                    + "<RequestId>id</RequestId>"
            );
        var error = Service.ReadError(answer);
        error.ShouldSatisfyAllConditions(
            e => e.Code.ShouldBe("ValidationError"),
            e => e.Type.ShouldBe(ErrorType.Sender),
            e => e.RequestId.ShouldBe("id")
        );
    }

    [Fact]
    public void The_code_on_the_wire_comes_from_the_model_where_it_differs_from_the_name()
    {
        var answer = AutoScalingModel.Service.WriteError(new Amazon.AutoScaling.Model.AlreadyExistsException("there"), "id");

        AutoScalingModel.Service.ReadError(answer).Code.ShouldBe("AlreadyExists");
        AutoScalingModel.Service.Errors.ShouldContain(e => e.Code == "ResourceContention" && e.Type == typeof(ResourceContentionException));
    }

    [Theory]
    [InlineData("Action=Nothing&Version=2010-05-15", "InvalidAction")]
    [InlineData("Version=2010-05-15", "MissingAction")]
    [InlineData("Action=CreateStack&TimeoutInMinutes=soon", "MalformedInput")]
    public void What_cannot_be_read_is_named(string form, string code) =>
        Should.Throw<ProtocolException>(() => Service.ReadRequest("POST", "/", "", None, Encoding.UTF8.GetBytes(form))).Code.ShouldBe(code);

    [Fact]
    public void A_page_of_a_proxy_leaves_the_code_open() =>
        Service.ReadError(new HttpAnswer(503, None, Encoding.UTF8.GetBytes("Service Unavailable"))).Code.ShouldBeNull();
}
