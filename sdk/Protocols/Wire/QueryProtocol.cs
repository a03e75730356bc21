using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>awsQuery and, where <paramref name="ec2"/> is set, ec2Query.</summary>
internal sealed class QueryProtocol(ServiceModel service, bool ec2) : WireProtocol(service)
{
    private const string Form = "application/x-www-form-urlencoded; charset=utf-8";

    private XNamespace Namespace => Service.XmlNamespace;

    internal override HttpRequestParts WriteRequest(OperationModel operation, object request)
    {
        List<KeyValuePair<string, string>> form = [new("Action", operation.Name), new("Version", Service.ApiVersion)];
        QueryEncoding.WriteMembers(form, "", operation.Request, request, ec2);
        return new(
            "POST",
            "/",
            new Dictionary<string, string>(),
            [],
            new Dictionary<string, string> { ["Content-Type"] = Form },
            Encoding.UTF8.GetBytes(FormText.Format(form))
        );
    }

    internal override (OperationModel Operation, object Request) ReadRequest(
        string method,
        string path,
        string query,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> body
    )
    {
        var form = QueryNode.Parse(body.IsEmpty ? query : Encoding.UTF8.GetString(body.Span));
        var name =
            form.Child("Action")?.Value
            ?? throw new ProtocolException("MissingAction", "The request must contain the parameter Action.", 400);
        var operation = Service.FindOperation(name) ?? throw UnknownAction(name, form.Child("Version")?.Value);
        var request = operation.Request.Create();
        try
        {
            QueryEncoding.ReadMembers(form, operation.Request, request, ec2);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            throw new ProtocolException(ec2 ? "InvalidParameterValue" : "MalformedInput", fault.Message, 400, fault);
        }

        return (operation, request);
    }

    internal override HttpAnswer WriteResponse(OperationModel operation, object response, string requestId)
    {
        var root = new XElement(Namespace + $"{operation.Name}Response");
        if (ec2)
        {
            root.Add(new XElement(Namespace + "requestId", requestId));
            if (operation.HasOutput)
            {
                XmlEncoding.WriteMembers(root, operation.Response, response);
            }
            else
            {
                root.Add(new XElement(Namespace + "return", "true"));
            }
        }
        else
        {
            if (operation.HasOutput)
            {
                var result = new XElement(Namespace + $"{operation.Name}Result");
                XmlEncoding.WriteMembers(result, operation.Response, response);
                root.Add(result);
            }

            root.Add(new XElement(Namespace + "ResponseMetadata", new XElement(Namespace + "RequestId", requestId)));
        }

        return Answer(200, root, requestId);
    }

    internal override string? ReadResponse(OperationModel operation, HttpAnswer answer, object response)
    {
        if (answer.Body.Length == 0)
        {
            return answer.RequestId;
        }
        var root = Parse(answer.Body);
        var result = ec2 ? root : XmlEncoding.Child(root, $"{operation.Name}Result");
        if (result is not null)
        {
            XmlEncoding.ReadMembers(result, operation.Response, response);
        }
        return XmlEncoding.Child(ec2 ? root : XmlEncoding.Child(root, "ResponseMetadata"), ec2 ? "requestId" : "RequestId")?.Value;
    }

    internal override HttpAnswer WriteError(
        string code,
        string message,
        int status,
        string requestId,
        ErrorModel? error = null,
        AmazonServiceException? details = null
    )
    {
        // EC2's errors stand in no namespace.
        var space = ec2 ? XNamespace.None : Namespace;
        var element = new XElement(space + "Error");
        if (!ec2)
        {
            element.Add(new XElement(space + "Type", status < 500 ? "Sender" : "Receiver"));
        }
        element.Add(new XElement(space + "Code", code), new XElement(space + "Message", message));
        if (error is not null && details is not null)
        {
            XmlEncoding.WriteMembers(element, error.Shape, details);
        }
        var root = ec2
            ? new XElement("Response", new XElement("Errors", element), new XElement("RequestID", requestId))
            : new XElement(space + "ErrorResponse", element, new XElement(space + "RequestId", requestId));
        return Answer(status, root, requestId);
    }

    internal override ErrorAnswer ReadError(HttpAnswer answer)
    {
        XElement root;
        try
        {
            root = Parse(answer.Body);
        }
        catch (XmlException)
        {
            // A proxy in between may answer with a page; the status alone then says what happened.
            return new ErrorAnswer(null, null, answer.RequestId, ErrorType.Unknown, (_, _) => { });
        }

        var error = XmlEncoding.Child(ec2 ? XmlEncoding.Child(root, "Errors") : root, "Error");
        return new ErrorAnswer(
            XmlEncoding.Child(error, "Code")?.Value,
            XmlEncoding.Child(error, "Message")?.Value,
            XmlEncoding.Child(root, ec2 ? "RequestID" : "RequestId")?.Value,
            XmlEncoding.Child(error, "Type")?.Value switch
            {
                "Sender" => ErrorType.Sender,
                "Receiver" => ErrorType.Receiver,
                _ => ErrorType.Unknown,
            },
            (shape, exception) =>
            {
                if (error is not null)
                {
                    XmlEncoding.ReadMembers(error, shape, exception);
                }
            }
        );
    }

    private ProtocolException UnknownAction(string name, string? version) =>
        new(
            "InvalidAction",
            ec2 ? $"The action {name} is not valid for this web service." : $"Could not find operation {name} for version {version}",
            400
        );

    private static HttpAnswer Answer(int status, XElement root, string requestId)
    {
        using var stream = new MemoryStream();
        // Entities keep carriage returns, which a reader of XML would otherwise turn into line feeds, and characters that XML cannot hold.
        var settings = new XmlWriterSettings
        {
            CheckCharacters = false,
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            NewLineHandling = NewLineHandling.Entitize,
        };
        using (var writer = XmlWriter.Create(stream, settings))
        {
            root.Save(writer);
        }
        return new HttpAnswer(status, HttpHeaders.OfAnswer("text/xml", requestId), stream.ToArray());
    }

    /// <summary>
    /// References to characters that XML cannot hold are read, as AWS's client for .NET does by a reader without normalization:
    /// https://learn.microsoft.com/en-us/dotnet/api/system.xml.xmltextreader.normalization
    /// </summary>
    private static XElement Parse(byte[] body)
    {
        using var stream = new MemoryStream(body);
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { CheckCharacters = false });
        return XElement.Load(reader, LoadOptions.PreserveWhitespace);
    }
}
